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
    # URLs built in and outside of requests, with every option; functions of every kind, to be called without `await`.
    "building.py": 10000,
    # Cookies whose arguments are of every type there is.
    "cookies_of_types.py": 700,
    # Converters whose text has no UTF-8, is no text, or has a slash.
    "converting.py": 200,
    # Odd values for flags, settings, hosts, methods and the order in which a body is read.
    "flags.py": 1200,
    # Names of other eras, looked for where a warning is an error; those that go soon, where it is none.
    "looking.py": 100,
    # Permanent sessions: kept, changed in every way, opened and closed under other settings, made elsewhere.
    "keeping.py": 300,
    # Attributes of requests, contexts, sessions and responses: seen in `vars`, set, deleted, patched, overridden.
    "looked_at.py": 4000,
    # Texts that name an application for the flask command, right ones and wrong ones.
    "naming.py": 250,
    # `g`: of Flask's class, of subclasses, and of a class of the program's own.
    "namespaces.py": 50,
    # Request classes of every kind, made by the engine and beside it, early and late, with every outcome.
    "request_classes.py": 4000,
    # What `request`, `session`, `g` and `current_app` say of themselves, inside and outside of a context.
    "proxying.py": 200,
    # The pieces of a body as WSGI servers get them: none, an empty one, several.
    "pieces.py": 100,
    # Sessions of every state, saved into responses of every kind under many settings and interfaces.
    "saving.py": 5000,
    # The test client, asked in many ways: what the view and the sender see.
    "sending.py": 3000,
    # Receivers of every kind, for every sender and for one, replaced and failing ones.
    "signalling.py": 100,
    # The static view from Python: what its steps give, WSGI calls, the test client.
    "static_steps.py": 1500,
    # What is rendered, and how it fails.
    "templating.py": 500,
    # Tracers and profilers of all threads, set at any time, and the threads that views run on.
    "watching.py": 15,
}


@pytest.mark.parametrize("program", ABOUT)
def test_prints_what_it_prints_on_stock(program: str) -> None:
    lines = printed(PROGRAMS / program)
    assert len(lines[Side.STOCK]) > ABOUT[program]
    assert lines[Side.OURS] == lines[Side.STOCK]


def test_type_hints_can_be_evaluated_where_they_can_on_stock() -> None:
    found = {side: dict(line.split() for line in lines) for side, lines in printed(PROGRAMS / "hints.py").items()}
    stock, ours = found[Side.STOCK], found[Side.OURS]
    both = stock.keys() & ours.keys()
    assert len(both) > 500
    assert [name for name in sorted(both) if stock[name] == "True" and ours[name] != "True"] == []
