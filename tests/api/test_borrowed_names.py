"""What stock's modules have is in ours under the same name, also where they only use it themselves."""

from __future__ import annotations

import importlib
import json
import os
import subprocess
import sys

import pytest
from flask._reexports import BORROWED

_MODULES = """
    flask flask.app flask.blueprints flask.cli flask.config flask.ctx flask.debughelpers flask.globals flask.helpers
    flask.json flask.json.provider flask.json.tag flask.logging flask.sansio.app flask.sansio.blueprints
    flask.sansio.scaffold flask.sessions flask.signals flask.templating flask.testing flask.typing flask.views
    flask.wrappers
"""
MODULES = _MODULES.split()

#: Inner parts of stock's own functions.
INNER = {
    "flask.app": {"_sentinel"},
    "flask.debughelpers": {"_dump_loader_info"},
    "flask.testing": {"_werkzeug_version"},
}

ASK = """
import importlib, json, sys
print(json.dumps({name: sorted(vars(importlib.import_module(name))) for name in sys.argv[1:]}))
"""


@pytest.fixture(scope="module")
def stock() -> dict[str, list[str]]:
    environment = {**os.environ, "FERROFLASK": "0"}
    command = [sys.executable, "-c", ASK, *MODULES]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=True)
    names: dict[str, list[str]] = json.loads(done.stdout)
    return names


@pytest.mark.parametrize("module", MODULES)
def test_a_module_has_what_stocks_has(module: str, stock: dict[str, list[str]]) -> None:
    ours = importlib.import_module(module)
    public = [name for name in stock[module] if not name.startswith("__")]
    assert {name for name in public if not hasattr(ours, name)} == INNER.get(module, set())


@pytest.mark.parametrize("module", BORROWED)
def test_nothing_is_borrowed_that_the_module_has(module: str) -> None:
    ours = importlib.import_module(module)
    assert sorted(BORROWED[module].split() & vars(ours).keys()) == []
    with pytest.raises(AttributeError, match=rf"module '{module}' has no attribute 'nobodys'"):
        ours.nobodys
