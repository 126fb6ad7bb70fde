"""Flask-Moment: its scripts and its marked times in templates."""

from __future__ import annotations

from pathlib import Path

import pytest

from .asking import Ask, Case
from .harness import compare, needs

needs("Flask-Moment")

CASE = Case(
    program="moment_page.py",
    asks=(
        Ask("GET", "/", holds=("2026-02-03T16:05:06Z", "flask-moment")),
        Ask("GET", "/parts"),
        Ask("GET", "/local", holds=("/static/moment.js",)),
    ),
)


@pytest.mark.parametrize("door", ["client", "socket"])
def test_same_answers(door: str, tmp_path: Path) -> None:
    compare(CASE, door, tmp_path)
