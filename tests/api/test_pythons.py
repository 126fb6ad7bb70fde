"""What differs from one release of CPython to the next: the versions of classes and dicts, and the interpreter's lock.
`make test-pythons` runs this on each.
"""

from __future__ import annotations

import subprocess
import sys
import sysconfig
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


def run(program: str, *options: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run([sys.executable, *options, "-c", program], capture_output=True, text=True, timeout=50)


def test_a_python_whose_lock_is_forced_off_is_refused() -> None:
    """That a free-threaded one says so is CPython's; here it is made to say it."""
    ended = run("import sys; sys._is_gil_enabled = lambda: False\nimport ferroflask._core")
    assert "ImportError: ferroflask needs the global interpreter lock" in ended.stderr
    assert run("import sys; sys._is_gil_enabled = lambda: True\nimport ferroflask._core").returncode == 0


# The slots that the module gives the import system: a number and a pointer each. Number 0 is the end, and 92 leads to
# more of them since 3.15.
READ_SLOTS = """
import ctypes
from ferroflask import _core
WORD = ctypes.sizeof(ctypes.c_void_p)
start = ctypes.PyDLL(_core.__file__).PyInit__core
start.restype = ctypes.c_void_p
tables = [ctypes.c_void_p.from_address(start() + object.__basicsize__ + 7 * WORD).value]
for slot in tables:
    while (number := ctypes.c_uint16.from_address(slot).value) != 0:
        value = ctypes.c_void_p.from_address(slot + WORD).value or 0
        tables += [value] * (number == 92)
        print(number, value)
        slot += 2 * WORD
"""


@pytest.mark.skipif(sys.version_info < (3, 13), reason="modules declare that since 3.13")
def test_the_lock_is_declared_as_used() -> None:
    if sysconfig.get_config_var("Py_GIL_DISABLED"):
        ended = run("import sys, ferroflask._core\nprint(sys._is_gil_enabled())", "-W", "ignore")
        assert ended.stdout == "True\n", ended.stderr
    else:
        ended = run(READ_SLOTS)
        # Py_mod_gil with Py_MOD_GIL_USED; 3.15 has numbered the slots anew.
        declared = {tuple(line.split()) for line in ended.stdout.splitlines()}
        assert declared & {("4", "0"), ("87", "0")}, ended.stderr or declared
