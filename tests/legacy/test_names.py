"""Every row of the tables of names works, warns once with its advice at the user's line, and can be switched off."""

from __future__ import annotations

import importlib
import importlib.util

import flask
import pytest

from ferroflask.legacy.machinery.importing import FORMER, HOSTS
from ferroflask.legacy.machinery.registry import LIBRARIES, LegacyName, table_of

from .asking import ask

ROWS = [
    (module, name, row)
    for library in LIBRARIES
    for module, rows in table_of(library).items()
    for name, row in rows.items()
]
IDS = [f"{module}.{name}" for module, name, _ in ROWS]

#: Rows that hand on to a package of their own.
NEEDS = {
    "werkzeug.contrib.securecookie": "secure_cookie",
    "werkzeug.contrib.sessions": "secure_cookie",
    "MemcachedCache": "cachelib",
    "GAEMemcachedCache": "cachelib",
    "RedisCache": "cachelib",
    "UWSGICache": "cachelib",
}


def missing_package(module: str, name: str) -> bool:
    needed = NEEDS.get(module) or NEEDS.get(name)
    return needed is not None and importlib.util.find_spec(needed) is None


@pytest.mark.parametrize(("module", "name", "row"), ROWS, ids=IDS)
def test_a_former_name_works_and_warns_once_at_the_line_that_asks(module: str, name: str, row: LegacyName) -> None:
    source = f"\nfrom {module} import {name} as found"
    if missing_package(module, name):
        with pytest.raises(ImportError):
            ask(source)
        return
    asked = ask(source)
    assert asked.warned == [(row.advice, 2)]
    assert asked.elsewhere == []
    assert asked.names["found"] is not None


@pytest.mark.parametrize(("module", "name", "row"), ROWS, ids=IDS)
def test_a_former_name_is_gone_when_switched_off(
    module: str, name: str, row: LegacyName, monkeypatch: pytest.MonkeyPatch
) -> None:
    if row.stays:
        pytest.skip("still a part of today's releases")
    importlib.import_module(module)
    monkeypatch.setenv("FERROFLASK_LEGACY", "0")
    with pytest.raises(ImportError):
        ask(f"from {module} import {name}")


@pytest.mark.parametrize(("module", "name", "row"), ROWS, ids=IDS)
def test_a_row_says_its_era_and_hides_nothing(module: str, name: str, row: LegacyName) -> None:
    first, to, gone = row.era.split()
    assert to == "to"
    assert [int(part) for part in first.split(".")] < [int(part) for part in gone.split(".")]
    assert name not in vars(importlib.import_module(module))


def test_the_import_hooks_know_the_modules_of_the_tables() -> None:
    modules = {module for module, _, _ in ROWS}
    assert modules - {"flask"} <= HOSTS | FORMER.keys()
    parents = {module for module, is_package in FORMER.items() if is_package}
    assert FORMER.keys() <= modules | parents
    for module in FORMER:
        assert module not in HOSTS


@pytest.mark.parametrize("module", sorted(FORMER))
def test_a_former_module_can_be_imported_whole(module: str) -> None:
    asked = ask(f"import {module} as found")
    assert asked.names["found"].__name__ == module
    assert asked.warned == []


def test_a_name_that_never_was_is_an_error_as_ever() -> None:
    with pytest.raises(AttributeError, match="module 'flask' has no attribute 'never'"):
        flask.never  # type: ignore[attr-defined]
    with pytest.raises(ImportError, match=r"cannot import name 'never' from 'werkzeug\.urls'"):
        ask("from werkzeug.urls import never")
    with pytest.raises(ModuleNotFoundError):
        ask("import werkzeug.contrib.never")
