"""An old Werkzeug beside us is one clear sentence on `import flask`."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

RESPONSE = "class Response:\n    def set_cookie(self, key, value=''): ...\n"


def importing(folder: Path) -> subprocess.CompletedProcess[str]:
    environment = os.environ | {"PYTHONPATH": str(folder)}
    return subprocess.run(
        [sys.executable, "-c", "import flask; print(flask.Flask)"],
        env=environment,
        capture_output=True,
        text=True,
        timeout=50,
    )


@pytest.mark.parametrize("has_sansio", [True, False])
def test_an_old_werkzeug(tmp_path: Path, has_sansio: bool) -> None:
    package = tmp_path / "werkzeug"
    package.mkdir()
    (package / "__init__.py").write_text("__version__ = '2.3.8'\n")
    if has_sansio:
        (package / "sansio").mkdir()
        (package / "sansio" / "__init__.py").touch()
        (package / "sansio" / "response.py").write_text(RESPONSE)
    last = importing(tmp_path).stderr.splitlines()[-1]
    assert last.startswith("ImportError: ferroflask ")
    assert " needs Flask 3.1 and Werkzeug 3.1 or newer, but found Flask 3." in last
    assert " and Werkzeug 2.3.8. Install Flask 3.1, or set FERROFLASK=0 to use the Flask that is installed." in last


def test_the_one_beside_us(tmp_path: Path) -> None:
    done = importing(tmp_path)
    assert (done.stdout, done.stderr) == ("<class 'flask.app.Flask'>\n", "")
