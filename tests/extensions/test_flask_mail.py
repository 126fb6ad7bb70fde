"""Flask-Mail: letters that arrive at an SMTP server inside the program."""

from __future__ import annotations

from pathlib import Path

import pytest

from .asking import Ask, Case
from .harness import compare, needs

needs("Flask-Mail", "aiosmtpd")

CASE = Case(
    program="mailing.py",
    asks=(
        Ask("POST", "/send", form={"subject": "Ünïcode", "to": "a@example.org b@example.org"}),
        Ask("POST", "/send", form={"subject": "paper", "to": "c@example.org"}, files={"paper": ("bill.txt", "42 €")}),
        Ask("POST", "/many", form={"to": "x@example.org y@example.org z@example.org"}),
        Ask("GET", "/recorded", holds=("kept",)),
        Ask("GET", "/bad", 500),
        Ask("GET", "/arrived", holds=("bill.txt", "hidden@example.org")),
    ),
)


@pytest.mark.parametrize("door", ["client", "socket"])
def test_same_letters(door: str, tmp_path: Path) -> None:
    compare(CASE, door, tmp_path)
