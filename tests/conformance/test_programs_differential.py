"""Programs that go through one part of Flask, with all that can be changed about it: ours prints what stock does."""

from __future__ import annotations

from pathlib import Path

import pytest

from .harness.printing import printed
from .harness.sides import Side

PROGRAMS = Path(__file__).parent / "programs"

#: What each of them is about, and the lines it prints at least.
ABOUT = {
    # Errors, redirects, JSON, headers and cookies; with something of them overridden, patched or listened to.
    "answers.py": 2000,
    # Odd values for flags, settings, hosts, methods and the order in which a body is read.
    "flags.py": 1200,
    # Permanent sessions: kept, changed in every way, opened and closed under other settings, made elsewhere.
    "keeping.py": 300,
    # Attributes of requests, contexts, sessions and responses: seen in `vars`, set, deleted, patched, overridden.
    "looked_at.py": 4000,
    # `g`: of Flask's class, of subclasses, and of a class of the program's own.
    "namespaces.py": 50,
    # The test client, asked in many ways: what the view and the sender see.
    "sending.py": 3000,
    # Receivers of every kind, for every sender and for one, replaced and failing ones.
    "signalling.py": 100,
    # What is rendered, and how it fails.
    "templating.py": 500,
}


@pytest.mark.parametrize("program", ABOUT)
def test_prints_what_it_prints_on_stock(program: str) -> None:
    lines = printed(PROGRAMS / program)
    assert len(lines[Side.STOCK]) > ABOUT[program]
    assert lines[Side.OURS] == lines[Side.STOCK]
