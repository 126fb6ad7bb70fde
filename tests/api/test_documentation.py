"""`help()` is documentation: each public name that stock describes has a text of ours, which names its parameters."""

from __future__ import annotations

import inspect
import json
import os
import pydoc
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import flask
import pytest

from ferroflask._core import RequestBase

PROGRAM = Path(__file__).with_name("documentation_report.py")
# Names whose text need not name the parameters, each with the reason.
PARAMETERS_ELSEWHERE = {
    "flask.cli:AppGroup": "They are Click's, as its text says.",
    "flask.cli:SeparatedPathType": "They are Click's, as its text says.",
}

Report = dict[str, dict[str, Any]]


def report(ferroflask: str, *arguments: str) -> Report:
    environment = {**os.environ, "FERROFLASK": ferroflask, "PYTHONWARNINGS": "ignore"}
    command = [sys.executable, str(PROGRAM), *arguments]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=True, timeout=60)
    return dict(json.loads(done.stdout))


@pytest.fixture(scope="module")
def stock() -> Report:
    return {name: facts for name, facts in report("0").items() if facts is not None and facts["text"]}


@pytest.fixture(scope="module")
def ours(stock: Report, tmp_path_factory: pytest.TempPathFactory) -> Report:
    file = tmp_path_factory.mktemp("documentation") / "names.json"
    file.write_text(json.dumps(sorted(stock)), encoding="utf-8")
    return report("1", str(file))


def test_the_report_finds_the_names(stock: Report) -> None:
    well_known = {
        "flask.app:Flask.make_response",
        "flask.wrappers:Request.args",
        "flask.helpers:url_for",
        "flask.ctx:AppContext",
    }
    assert well_known <= stock.keys()


def test_each_name_has_a_text(stock: Report, ours: Report) -> None:
    assert [name for name in stock if not (ours[name] or {}).get("text")] == []


def test_what_flask_defines_has_a_text_of_ours(stock: Report, ours: Report) -> None:
    flasks = [name for name, facts in stock.items() if facts["home"].startswith("flask")]
    assert [name for name in flasks if ours[name]["text"] == stock[name]["text"]] == []


def test_each_text_names_the_parameters(stock: Report, ours: Report) -> None:
    missing = {
        name: unnamed(facts["parameters"], ours[name]["text"]) for name, facts in stock.items() if is_ours(ours[name])
    }
    found = {name: parameters for name, parameters in missing.items() if parameters}
    assert {name: parameters for name, parameters in found.items() if name not in PARAMETERS_ELSEWHERE} == {}
    assert PARAMETERS_ELSEWHERE.keys() - found.keys() == set(), "take these off PARAMETERS_ELSEWHERE"


def is_ours(facts: dict[str, Any]) -> bool:
    return str(facts["home"]).startswith(("flask", "ferroflask"))


def unnamed(parameters: dict[str, str] | None, text: str) -> list[str]:
    return [name for name in parameters or () if not re.search(rf"\b{name}\b", text)]


def test_native_methods_have_the_signatures_of_stock(stock: Report, ours: Report) -> None:
    natives = [name for name, facts in ours.items() if facts["is native"] and is_ours(facts)]
    assert {"flask.app:Flask.make_response", "flask.wrappers:Request.get_json"} <= set(natives)
    assert {n: ours[n]["parameters"] for n in natives} == {n: stock[n]["parameters"] for n in natives}


def test_the_class_of_requests_has_the_signature_of_stock(stock: Report, ours: Report) -> None:
    request = "flask.wrappers:Request"
    assert ours[request]["parameters"] == stock[request]["parameters"]


def test_help_shows_signature_and_text() -> None:
    shown = pydoc.plain(pydoc.render_doc(flask.Request.get_json))
    assert "get_json(self, /, force=False, silent=False, cache=True)" in shown
    assert "Return the value of a JSON body" in shown


@pytest.mark.parametrize("name", ["args", "form", "files", "cookies", "json", "data", "url"])
def test_attributes_of_a_request_have_a_text(name: str) -> None:
    text = inspect.getdoc(getattr(flask.Request, name))
    assert text
    assert re.search(rf"^ \|  {name}$", pydoc.plain(pydoc.render_doc(flask.Request)), re.MULTILINE)
    if name in vars(RequestBase):
        assert inspect.getdoc(vars(RequestBase)[name]) == text
