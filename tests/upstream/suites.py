"""The table of foreign test suites that are run against ferroflask. One more suite is one more row here.

It knows nothing about fetching, running or judging them.
"""

from __future__ import annotations

import sys
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

if sys.version_info >= (3, 11):
    import tomllib
else:
    import tomli as tomllib

HERE = Path(__file__).parent


@dataclass(frozen=True)
class Suite:
    """One suite: where it comes from, how it is run, how many of its tests have to pass."""

    name: str
    #: The source distribution that carries the tests, as pip names it, its version and the sha256 of its archive.
    distribution: str
    version: str
    sha256: str
    #: What is run, relative to the unpacked archive.
    paths: tuple[str, ...]
    #: How many tests there are, every one of them run, and how many have to pass at least.
    total: int
    at_least: int
    #: Folders of the archive that are not unpacked: the code that ours stands in for.
    left_out: tuple[str, ...] = ("src",)
    #: Modules of the folder `plugins` that pytest loads beside `upstream_witness`, to put ours in place.
    plugins: tuple[str, ...] = ()
    #: Modules that must have been loaded by the tests; those named flask must be ours in any case.
    must_load: tuple[str, ...] = ("flask", "ferroflask._core")
    #: The folder of the archive that the suite is run in.
    folder: str = "."
    #: The configuration of the suite itself, relative to `folder`; empty where it has none.
    config: str = "pyproject.toml"
    #: More arguments for its pytest.
    options: tuple[str, ...] = ()
    #: What has to be installed, beside what the project's own tests need.
    needs: tuple[str, ...] = ()
    #: What of it is not run or can't pass anywhere, for the scorecard.
    note: str = ""

    @property
    def release(self) -> str:
        return f"{self.distribution}-{self.version}"

    @property
    def known_failures(self) -> Mapping[str, str]:
        """Return the tests that are known not to pass, each with the reason."""
        return known_failures().get(self.name, {})


@cache
def known_failures() -> dict[str, dict[str, str]]:
    """Read `known_failures.toml`: suite name → test id → reason."""
    tables: dict[str, dict[str, str]] = tomllib.loads((HERE / "known_failures.toml").read_text(encoding="utf-8"))
    return tables


FLASK_SHA256 = "0ef0e52b8a9cd932855379197dd8f94047b359ca0a78695144304cb45f87c9eb"

SUITES = (
    Suite(
        name="flask",
        distribution="Flask",
        version="3.1.3",
        sha256=FLASK_SHA256,
        paths=("tests",),
        total=490,
        at_least=489,
    ),
    Suite(
        name="flask-tutorial",
        distribution="Flask",
        version="3.1.3",
        sha256=FLASK_SHA256,
        folder="examples/tutorial",
        paths=("tests",),
        total=24,
        at_least=24,
    ),
    Suite(
        name="flask-javascript",
        distribution="Flask",
        version="3.1.3",
        sha256=FLASK_SHA256,
        folder="examples/javascript",
        paths=("tests",),
        total=8,
        at_least=8,
    ),
    Suite(
        name="werkzeug-routing",
        distribution="Werkzeug",
        version="3.1.9",
        sha256="55ca7c70a75689be937aa27f8ff4b018f06ff4838fc73045560bf0f5a1291060",
        paths=("tests/test_routing.py",),
        total=119,
        at_least=119,
        plugins=("upstream_url_map",),
        must_load=("ferroflask.url_map.map", "ferroflask._core"),
        # The fixtures there are for the tests of Werkzeug's server.
        options=("--noconftest",),
    ),
)
