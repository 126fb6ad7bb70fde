"""Flask-Login: logging in and out, remembering, fresh logins, keys in headers, its signals."""

from __future__ import annotations

from pathlib import Path

import pytest

from ..conformance.harness.sides import Side
from .asking import Ask, Case
from .harness import HERE, compare, needs, run_both

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
        Ask("GET", "/template", headers=(("X-Key", "bob"),), holds=("bob True",)),
        Ask("GET", "/log", holds=("in ada",)),
    ),
)


@pytest.mark.parametrize("door", ["client", "socket"])
def test_same_answers(door: str, tmp_path: Path) -> None:
    compare(CASE, door, tmp_path)


def test_its_test_client(tmp_path: Path) -> None:
    """A test client that starts logged in, put on the application as `test_client_class`."""
    outcome = run_both((str(HERE / "programs" / "login_client.py"),), dict.fromkeys(Side, tmp_path), {})
    assert outcome[Side.STOCK] == outcome[Side.OURS]
    assert outcome[Side.STOCK][:2] == (0, "200 ada True\n302 /login?next=%2Fme\n200 ada False\n")
