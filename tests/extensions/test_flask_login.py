"""Flask-Login: logging in and out, remembering, fresh logins, keys in headers, its signals."""

from __future__ import annotations

from pathlib import Path

import pytest

from .asking import Ask, Case
from .harness import compare, needs

needs("Flask-Login")

CASE = Case(
    program="login_rooms.py",
    secret="rooms-secret",
    asks=(
        Ask("GET", "/", holds=("False None",)),
        Ask("GET", "/rooms/", 302),
        Ask("GET", "/login?next=%2Frooms%2F", holds=("Please log in",)),
        Ask("POST", "/login", 401, form={"name": "gone"}),
        Ask("POST", "/login?next=%2Frooms%2F", 302, form={"name": "ada", "remember": "1"}),
        Ask("GET", "/rooms/", holds=("ada in rooms",)),
        Ask("GET", "/", holds=("True ada", "welcome")),
        Ask("GET", "/secret", holds=("very secret",)),
        Ask("GET", "/stale"),
        Ask("GET", "/secret", 302),
        Ask("GET", "/again", holds=("Who are you again?",)),
        Ask("GET", "/confirm"),
        Ask("GET", "/secret"),
        Ask("GET", "/forget-session"),
        Ask("GET", "/", holds=("True ada", "fresh=False")),
        # Another browser with the same cookies: basic protection makes the login stale, the remember cookie keeps it.
        Ask("GET", "/", headers=(("User-Agent", "another"),), holds=("True ada",)),
        Ask("GET", "/logout", 302),
        Ask("GET", "/", holds=("False None",)),
        Ask("GET", "/rooms/", headers=(("X-Key", "bob"),), holds=("bob in rooms",)),
        Ask("GET", "/template", 302),
        Ask("GET", "/log", holds=("in ada",)),
    ),
)


@pytest.mark.parametrize("door", ["client", "socket"])
def test_same_answers(door: str, tmp_path: Path) -> None:
    compare(CASE, door, tmp_path)
