"""Behaviours of Flask 1.1 behind the switch `FERROFLASK_ERA`: thrown for one application, for the process, or not."""

from __future__ import annotations

import os
import subprocess
import sys
import typing as t

import pytest
from flask import Blueprint, Flask, Request, Response, redirect, request
from werkzeug.routing import BaseConverter

from ferroflask.legacy.werkzeug.wide_converters import spans_segments

from .asking import ask

BROWSER = "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/120.0 Safari/537.36"


def make() -> Flask:
    app = Flask("someones_app")

    @app.post("/json")
    def json() -> str:
        return repr((request.get_json(), request.json))

    @app.get("/away")
    def away() -> t.Any:
        return redirect("/json")

    @app.get("/agent")
    def agent() -> str:
        known = request.user_agent
        return " ".join(map(str, (known.browser, known.version, known.platform, known.language)))

    return app


def answers(app: Flask) -> list[t.Any]:
    client = app.test_client()
    return [
        client.post("/json", data="a=1").text.splitlines()[0],
        client.post("/json", data="{", content_type="application/json").status_code,
        client.post("/json", json={"a": 1}).text,
        client.get("/away").headers["Location"],
        client.get("/agent", headers={"User-Agent": BROWSER}).text,
    ]


TODAY = ["<!doctype html>", 400, "({'a': 1}, {'a': 1})", "/json", "None None None None"]
THEN = ["(None, None)", 400, "({'a': 1}, {'a': 1})", "http://localhost/json", "chrome 120.0 linux None"]


@pytest.mark.parametrize("way", ["app.config[key] = '1.1'", "app.config.update({key: '1.1'})", "config.from_mapping"])
def test_one_application_goes_back(way: str) -> None:
    app, other = make(), make()
    if way == "config.from_mapping":
        app.config.from_mapping(FERROFLASK_ERA="1.1")
    else:
        ask(way, app=app, key="FERROFLASK_ERA")
    assert answers(app) == THEN
    assert answers(other) == TODAY


def test_nothing_changes_without_the_switch() -> None:
    app = make()
    assert app.request_class is Request
    assert app.response_class is Response
    app.config["FERROFLASK_ERA"] = None
    app.config["FERROFLASK_ERA"] = "0"
    assert app.request_class is Request
    assert answers(app) == TODAY


def test_the_applications_own_classes_are_kept() -> None:
    app = make()

    class Mine(Request):
        mark = "mine"

    app.request_class = Mine
    app.config["FERROFLASK_ERA"] = app.config["FERROFLASK_ERA"] = "1.1"
    assert issubclass(app.request_class, Mine)
    assert app.request_class.__name__ == "Mine"
    assert app.request_class.__mro__[1] is Mine
    assert answers(app) == THEN


def test_an_era_that_is_not_known_is_an_error() -> None:
    app = make()
    with pytest.raises(ValueError, match=r"'0\.7'"):
        app.config["FERROFLASK_ERA"] = "0.7"


def test_declaring_late_warns() -> None:
    app = make()
    app.config["FERROFLASK_ERA"] = "1.1"
    app.test_client().get("/")
    asked = ask("\napp.add_url_rule('/late', view_func=lambda: 'late', endpoint='late')", app=app)
    assert {line for _, line in asked.warned} == {2}
    assert "add_url_rule" in asked.warned[0][0]
    assert app.test_client().get("/late").text == "late"
    today = make()
    today.test_client().get("/")
    with pytest.raises(AssertionError):
        today.add_url_rule("/late", view_func=lambda: "late", endpoint="late")


PROCESS = """
from tests.legacy.test_era import answers, make
from flask import Blueprint, Flask, Request
from werkzeug.routing import BaseConverter
print(answers(make()))

class Mine(Request):
    pass

app = make()
app.request_class = Mine
print(answers(app)[0])
app.add_url_rule("/late", view_func=lambda: "late")
part = Blueprint("part", "part")
app.register_blueprint(part)
part.add_url_rule("/later", view_func=lambda: "later")
print(app.test_client().get("/late").text)

class RegexConverter(BaseConverter):
    def __init__(self, url_map, *items):
        super().__init__(url_map)
        self.regex = items[0]

app.url_map.converters["regex"] = RegexConverter
app.add_url_rule("/all/<regex('.*'):rest>", endpoint="all", view_func=lambda rest: rest)
print(app.test_client().get("/all/a/b").text)
"""


def test_a_process_goes_back() -> None:
    env = {**os.environ, "FERROFLASK_ERA": "1.1", "PYTHONPATH": os.pathsep.join(sys.path)}
    done = subprocess.run([sys.executable, "-c", PROCESS], env=env, capture_output=True, text=True, check=True)
    assert done.stdout.splitlines() == [repr(THEN), "(None, None)", "late", "a/b"]
    assert "registered at least once" in done.stderr


# Converters, which need no switch where the expression has a slash ----------------------------------------------------


class RegexConverter(BaseConverter):
    def __init__(self, url_map: t.Any, *items: str) -> None:
        super().__init__(url_map)
        self.regex = items[0]


class SaysSo(RegexConverter):
    part_isolating = True


MATCHES = [
    ("[a-z]+/[0-9]+", "/f/ab/12/end", True),
    ("(?:[a-z]/)*[a-z]", "/f/a/b/c/end", True),
    ("[a-z]+", "/f/ab/end", False),
    ("[^/]+", "/f/ab/end", False),
]


@pytest.mark.parametrize(("regex", "path", "warns"), MATCHES)
def test_an_expression_with_a_slash_spans_segments(regex: str, path: str, warns: bool) -> None:
    app = Flask("a")
    app.url_map.converters["regex"] = RegexConverter
    rule = f"/f/<regex({regex!r}):x>/end"
    asked = ask("\napp.add_url_rule(rule, 'f', lambda x: x)", app=app, rule=rule)
    assert [line for _, line in asked.warned] == ([2] if warns else [])
    assert app.test_client().get(path).text == path[3:-4]
    assert app.test_client().get("/f/UP/end").status_code == (200 if "^" in regex else 404)


SPANS = [
    (r"[^/\]]+", False, False),
    (r"[^\]]+/x", True, True),
    (".*", False, True),
    (r"\.[a-z]+", False, False),
    (r"\w+", False, False),
    (r"\S+", False, True),
    ("[^?]+", False, True),
    ("[^/]+", False, False),
]


@pytest.mark.parametrize(("regex", "today", "then"), SPANS)
def test_which_expressions_may_match_a_slash(regex: str, today: bool, then: bool) -> None:
    assert (spans_segments(regex), spans_segments(regex, anything=True)) == (today, then)


def test_a_class_that_says_so_is_left_alone() -> None:
    app = Flask("a")
    app.url_map.converters["regex"] = SaysSo
    asked = ask("app.add_url_rule(\"/<regex('a/b'):x>\", 'f', lambda x: x)", app=app)
    assert asked.warned == []
    assert app.test_client().get("/a/b").status_code == 404


def test_any_character_stays_within_its_segment_today() -> None:
    app = Flask("a")
    app.url_map.converters["regex"] = RegexConverter
    app.add_url_rule("/<regex('.*'):x>", "f", lambda x: x)
    assert [app.test_client().get(path).status_code for path in ("/a", "/a/b")] == [200, 404]


def test_a_blueprint_that_is_registered_is_closed_today() -> None:
    part = Blueprint("part", __name__)
    Flask("a").register_blueprint(part)
    with pytest.raises(AssertionError):
        part.before_request(lambda: None)
