"""Flask-Migrate: its commands, by the real `flask` command, in the order of its documentation."""

from __future__ import annotations

import re
import shutil
import sqlite3
from pathlib import Path

import pytest

from ..conformance.harness.sides import Side
from .harness import HERE, needs, run_both

needs("Flask-Migrate", "Flask-SQLAlchemy")

#: Arguments of `flask db`, or of `flask`, and what the environment gains.
COMMANDS: tuple[tuple[tuple[str, ...], dict[str, str], int], ...] = (
    (("db", "init"), {}, 0),
    (("db", "migrate", "-m", "people", "--rev-id", "0001"), {}, 0),
    (("db", "upgrade"), {}, 0),
    (("add",), {}, 0),
    (("db", "check"), {}, 0),
    (("db", "check"), {"GROWN": "1"}, 1),
    (("db", "migrate", "-m", "mail", "--rev-id", "0002"), {"GROWN": "1"}, 0),
    (("db", "upgrade", "--sql"), {"GROWN": "1"}, 0),
    (("db", "upgrade"), {"GROWN": "1"}, 0),
    (("add",), {"GROWN": "1"}, 0),
    (("db", "current"), {}, 0),
    (("db", "history"), {}, 0),
    (("db", "downgrade"), {}, 0),
    (("db", "upgrade", "nope"), {}, 1),
    (("db", "show"), {}, 0),
    (("db", "--help"), {}, 0),
    (("routes",), {}, 0),
)


@pytest.mark.timeout(240)
def test_same_commands(tmp_path: Path) -> None:
    folders = {side: tmp_path / side.value for side in (Side.STOCK, Side.OURS)}
    for folder in folders.values():
        folder.mkdir()
        shutil.copy(HERE / "programs" / "migrating.py", folder / "app.py")
    for arguments, environment, wanted in COMMANDS:
        outcome = run_both(("-m", "flask", *arguments), folders, environment)
        stock, ours = (tuple(map(cleaned, outcome[side])) for side in (Side.STOCK, Side.OURS))
        assert stock == ours, arguments
        assert outcome[Side.STOCK][0] == wanted, outcome
        assert written(folders[Side.STOCK]) == written(folders[Side.OURS]), arguments


def cleaned(text: str | int | None) -> str:
    """Without the clock, and of a traceback only its last line: an engine's frames are its own."""
    text = re.sub(r"\d{4}-\d\d-\d\d \d\d:\d\d:\d\d(\.\d+)?", "<time>", str(text))
    return re.sub(r"^Traceback .*\n(  .*\n)+", "", text, flags=re.MULTILINE)


def written(folder: Path) -> dict[str, str]:
    """Every text file, and of the database its tables."""
    found = {}
    for path in sorted(folder.rglob("*")):
        if path.suffix == ".db":
            with sqlite3.connect(path) as database:
                found[path.name] = "\n".join(database.iterdump())
            database.close()
        elif path.is_file() and "__pycache__" not in path.parts:
            found[str(path.relative_to(folder))] = cleaned(path.read_text(encoding="utf-8"))
    return found
