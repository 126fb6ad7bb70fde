"""The old extensions of `docs/legacy.md`, where such a release is installed: each runs a small program of its time."""

from __future__ import annotations

import subprocess
import sys
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

import pytest

PROGRAMS = Path(__file__).parent / "programs"

#: Extension -> the release, or its beginning.
RELEASES = {
    "flask_admin": "1.5",
    "flask_babelex": "0.9",
    "flask_jwt_extended": "3.",
    "flask_login": "0.4",
    "flask_restplus": "0.13",
    "flask_script": "2.0",
    "flask_session": "0.3",
    "flask_sqlalchemy": "2.5",
    "flask_wtf": "0.14",
}


def installed(extension: str) -> str:
    try:
        return version(extension.replace("_", "-"))
    except PackageNotFoundError:
        return "none"


def test_each_extension_has_its_program() -> None:
    assert sorted(path.stem.removeprefix("with_") for path in PROGRAMS.glob("*.py")) == sorted(RELEASES)


@pytest.mark.parametrize("extension", RELEASES)
def test_a_program_of_an_old_extension_runs(extension: str) -> None:
    if not installed(extension).startswith(RELEASES[extension]):
        pytest.skip(f"needs {extension} {RELEASES[extension]}, there is {installed(extension)}")
    program = PROGRAMS / f"with_{extension}.py"
    command = [sys.executable, "-W", "ignore", str(program)]
    done = subprocess.run(command, capture_output=True, text=True, timeout=50, check=False)
    assert done.returncode == 0, done.stderr
