"""What differs from one release of CPython to the next: the versions of classes and dicts.
`make test-pythons` runs this on each.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask

from ferroflask import _core

Names = dict[str, Any]


def assign_in_function(names: Names) -> None:
    """Often enough for CPython to have specialised the code."""
    exec("def assign(value):\n    global a\n    a = value", names)
    for value in range(64):
        before = _core.version_of(names)
        names["assign"](str(value))
        assert _core.version_of(names) != before


CHANGES: dict[str, Callable[[Names], object]] = {
    "a new key": lambda names: names.update(new=1),
    "another value": lambda names: names.__setitem__("a", "other"),
    "a key less": lambda names: names.__delitem__("a"),
    "pop": lambda names: names.pop("a"),
    "popitem": lambda names: names.popitem(),
    "clear": lambda names: names.clear(),
    "setdefault": lambda names: names.setdefault("new", 1),
    "update": lambda names: names.update({"a": "other"}),
    "in place": lambda names: names.__ior__({"a": "other"}),
    "growing": lambda names: names.update({str(number): number for number in range(100)}),
    "a global": assign_in_function,
    "cleared and filled from another": lambda names: (names.clear(), names.update({"a": "other"})),
}


@pytest.mark.parametrize("change", CHANGES)
def test_each_change_of_a_dict_gives_it_another_version(change: str) -> None:
    seen = set()
    for _ in range(3):
        names: Names = {"a": "one", "b": "two"}
        before = _core.version_of(names)
        assert before is not None
        assert _core.version_of(names) == before
        CHANGES[change](names)
        after = _core.version_of(names)
        assert after not in (None, before)
        assert _core.version_of(names) == after
        seen |= {before, after}
    assert len(seen) == 6


def test_a_dict_without_version_is_not_changed_by_the_question() -> None:
    names: Names = {}
    _core.version_of(names)
    names["a"] = 1
    assert names == {"a": 1}


def test_no_two_dicts_have_the_same_version() -> None:
    many = [{"number": number} for number in range(500)]
    first = {_core.version_of(each) for each in many}
    # Their places in memory are given to others.
    many = [{"number": number} for number in range(500)]
    assert len(first | {_core.version_of(each) for each in many}) == 1000


class Plain:
    """An object whose attributes lie in itself, in some releases, even after somebody has seen its `__dict__`."""

    def __init__(self) -> None:
        self.a = 1


def test_attributes_of_a_plain_object() -> None:
    plain = Plain()
    names = vars(plain)
    for value in range(64):
        before = _core.version_of(names)
        plain.a = value + 1000
        after = _core.version_of(names)
        assert before is None or after != before


class Own(Flask):
    """A class of the test's own."""


def test_attributes_of_an_application() -> None:
    app: Any = Own("own")
    changes: list[Callable[[int], object]] = [
        lambda value: setattr(app, "a", value),
        lambda value: vars(app).update(b=value),
        lambda _: delattr(app, "a"),
    ]
    for value in range(64):
        for change in changes:
            before = _core.version_of(app)
            assert before is not None
            assert _core.version_of(app) == before
            change(value)
            assert _core.version_of(app) != before
    before = _core.version_of(app)
    app.__dict__ = dict(vars(app))
    assert _core.version_of(app) not in (None, before)


def test_each_change_of_a_class_or_a_base_gives_it_another_version() -> None:
    base: Any = type("Base", (), {"a": 1})
    derived: Any = type("Derived", (base,), {})
    seen = set()
    for changed in (base, derived, base, derived):
        assert derived.a is not None  # a look-up gives it a version
        before = _core.version_of(derived)
        assert before is not None
        changed.a = object()
        assert _core.version_of(derived) != before
        seen.add(before)
    assert len(seen) == 4
