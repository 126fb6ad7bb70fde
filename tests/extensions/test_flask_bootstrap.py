"""Flask-Bootstrap: its base template, its form macros, its static files."""

from __future__ import annotations

from pathlib import Path

import pytest

from .asking import Ask, Case
from .harness import compare, needs

needs("Flask-Bootstrap", "Flask-WTF")

CASE = Case(
    program="bootstrap_page.py",
    asks=(
        Ask("GET", "/", holds=("&lt;Ada&gt;", "a danger &lt;message&gt;", "Über")),
        Ask("GET", "/", holds=("a info",)),
        Ask("GET", "/resource", holds=("bootstrap.min.css",)),
        Ask("GET", "/form", holds=("form-group",)),
        Ask("POST", "/form", 422, form={"name": "far too long"}, holds=("has-error",)),
        Ask("POST", "/form", form={"name": "Ada", "sure": "y"}, holds=("got Ada True",)),
        Ask("GET", "/static/bootstrap/css/bootstrap.min.css", holds=("Bootstrap v3",)),
        Ask("GET", "/static/bootstrap/js/bootstrap.min.js", 206, headers=(("Range", "bytes=5-20"),)),
        Ask("GET", "/static/bootstrap/nope.css", 404),
    ),
)


@pytest.mark.parametrize("door", ["client", "socket"])
def test_same_answers(door: str, tmp_path: Path) -> None:
    compare(CASE, door, tmp_path)
