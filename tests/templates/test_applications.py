"""The templates of real applications: pages got by requests on stock Flask and on ours, and every template by itself.

What is not installed is not tried: `make test-template-applications` installs it. Flaskr comes with Flask's sources.
"""

from __future__ import annotations

import importlib.metadata
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from ..conformance.harness.sides import Side
from ..extensions.harness import compare
from ..upstream.archive import unpacked
from ..upstream.suites import SUITES
from .real_pages import APPLICATIONS, Application

PROJECT = Path(__file__).parents[2]
SECONDS = 240
pytestmark = pytest.mark.timeout(2 * SECONDS)


@pytest.fixture(params=APPLICATIONS, ids=lambda application: application.name)
def application(request: pytest.FixtureRequest) -> Application:
    chosen: Application = request.param
    for name in chosen.needs:
        try:
            importlib.metadata.distribution(name)
        except importlib.metadata.PackageNotFoundError:
            pytest.skip(f"{name} is not installed (`make test-template-applications` installs it)")
    return chosen


@pytest.fixture
def settings(application: Application) -> dict[str, str]:
    """Return more environment variables for the processes of both sides."""
    if application.name != "flaskr":
        return dict(application.variables)
    suite = next(suite for suite in SUITES if suite.name == "flask-tutorial")
    return {"TEMPLATES_FLASKR": str(unpacked(suite) / suite.folder)}


@pytest.mark.parametrize("backend", ["native", "jinja2"])
def test_pages(application: Application, settings: dict[str, str], backend: str, tmp_path: Path) -> None:
    ours = {**settings, "FERROFLASK_TEMPLATES": backend}
    folder = tmp_path / application.name
    compare(application.case, "client", folder, {Side.STOCK: settings, Side.OURS: ours})


def test_every_template(application: Application, settings: dict[str, str]) -> None:
    command = [sys.executable, "-W", "ignore", "-m", "tests.templates", "compare", str(application.program)]
    environment = {**Side.OURS.environment(), **settings}
    backend = os.environ.get("FERROFLASK_TEMPLATES")
    environment |= {"FERROFLASK_TEMPLATES": backend} if backend else {}
    done = subprocess.run(
        command, cwd=PROJECT, env=environment, capture_output=True, text=True, timeout=SECONDS, check=False
    )
    said = done.stdout[-6000:] + done.stderr[-3000:]
    assert done.returncode == 0, said
    summary = re.search(r"^(\d+) renderings, (\d+) without an error, 0 differ$", done.stdout, re.MULTILINE)
    assert summary, said
    # Each in three ways, with variables and without.
    assert int(summary[1]) >= 6 * application.templates
    assert int(summary[2]) * 3 >= int(summary[1])
