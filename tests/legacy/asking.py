"""Runs a line as a user's program would have it, and tells which warnings pointed at it."""

from __future__ import annotations

import typing as t
import warnings

USER_FILE = "a_users_program.py"


class Asked(t.NamedTuple):
    """What a program left behind: its names, and the warnings as (text, line) where they point at the program."""

    names: dict[str, t.Any]
    warned: list[tuple[str, int]]
    elsewhere: list[str]


def ask(source: str, **names: t.Any) -> Asked:
    """Run a program with every warning shown, each time."""
    scope: dict[str, t.Any] = {"__name__": "a_users_program", **names}
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        exec(compile(source, USER_FILE, "exec"), scope)
    former = [each for each in caught if each.category is DeprecationWarning]
    return Asked(
        scope,
        [(str(each.message), each.lineno) for each in former if each.filename == USER_FILE],
        [f"{each.filename}:{each.lineno} {each.message}" for each in former if each.filename != USER_FILE],
    )
