"""Flask-Babel: locale and time zone of a request, translations, dates and numbers, filters of templates."""

from __future__ import annotations

from pathlib import Path

import pytest

from .asking import Ask, Case
from .harness import compare, needs

needs("flask-babel")

CASE = Case(
    program="babel_dates.py",
    asks=(
        Ask("GET", "/", holds=("Good morning",)),
        Ask(
            "GET",
            "/",
            headers=(("Accept-Language", "de-AT,de;q=0.9,en;q=0.4"),),
            holds=("Guten Morgen", "5 Birnen", "Mai"),
        ),
        Ask("GET", "/?lang=fr&zone=Europe/Paris", holds=("Bonjour", "Europe/Paris")),
        Ask("GET", "/formats"),
        Ask("GET", "/formats?lang=de&zone=Europe/Berlin", holds=("Dienstag",)),
        Ask("GET", "/formats", headers=(("X-Zone", "America/New_York"),)),
        Ask("GET", "/template?lang=de", holds=("Hallo &lt;Ada&gt;",)),
        Ask("GET", "/forced?lang=de", holds=("Bonjour", "Asia/Tokyo")),
        Ask("GET", "/formats?zone=Not/There", 500),
        Ask("GET", "/chosen", holds=("/forced",)),
    ),
)


@pytest.mark.parametrize("door", ["client", "socket"])
def test_same_answers(door: str, tmp_path: Path) -> None:
    compare(CASE, door, tmp_path)
