"""Flask-SQLAlchemy: models, binds, paging, 404s, one session per context, roll-back when a view fails."""

from __future__ import annotations

from pathlib import Path

import pytest

from .asking import Ask, Case
from .harness import compare, needs

needs("Flask-SQLAlchemy")

CASE = Case(
    program="sqlalchemy_shop.py",
    asks=(
        Ask("POST", "/shelves", 201, form={"label": "tools"}),
        Ask("POST", "/shelves", 409, form={"label": "tools"}, holds=("there is one already",)),
        Ask("POST", "/shelves/1/things", form={"names": "saw axe nail file pin"}),
        Ask("GET", "/shelves/1", holds=("nail",)),
        Ask("GET", "/shelves/2", 404, holds=("no such shelf",)),
        Ask("GET", "/things?page=2", holds=('"total":5',)),
        Ask("GET", "/things?page=9", 404),
        Ask("GET", "/things/saw"),
        Ask("GET", "/things/nope", 404),
        Ask("GET", "/first", 404),
        Ask("GET", "/session", holds=('"same":true', '"nested":false')),
        Ask("GET", "/half-done", 500),
        Ask("POST", "/shelves", 201, form={"label": "never there"}),
        Ask("POST", "/notes", json={"text": "grüße"}),
        Ask("GET", "/notes"),
        Ask("GET", "/removed", holds=("RuntimeError",)),
        Ask("DELETE", "/shelves/1", 204),
        Ask("GET", "/things", holds=('"total":0',)),
    ),
)


@pytest.mark.parametrize("door", ["client", "socket"])
def test_same_answers(door: str, tmp_path: Path) -> None:
    compare(CASE, door, tmp_path)
