"""Every row of the tables of attributes, keyword arguments and settings."""

from __future__ import annotations

import subprocess
import sys
import typing as t
from datetime import timedelta

import blinker
import pytest
from flask import Blueprint, Flask, Response

from ferroflask.legacy import LEGACY_KEYWORDS
from ferroflask.legacy.flask.client_extras import CLIENT
from ferroflask.legacy.flask.config_keys import DEFAULTS, JSON_KEYS
from ferroflask.legacy.flask.members import APP, APP_CONTEXT, BLUEPRINT, CONFIG, REQUEST_CONTEXT
from ferroflask.legacy.machinery.library_members import REQUEST, RESPONSE, SIGNAL
from ferroflask.legacy.machinery.members import LegacyMember, LegacySetting

from .asking import ask


def make(kind: str) -> t.Any:
    app = Flask("someones_app")
    with app.test_request_context():
        from flask import request

        real_request = request._get_current_object()  # type: ignore[attr-defined]
    return {
        "app": app,
        "blueprint": Blueprint("part", "someones_app"),
        "config": app.config,
        "request": real_request,
        "response": Response(),
        "signal": blinker.Signal(),
        "request_context": app.test_request_context(),
        "app_context": app.app_context(),
        "client": app.test_client(),
    }[kind]


TABLES = {
    "app": APP,
    "blueprint": BLUEPRINT,
    "config": CONFIG,
    "request": REQUEST,
    "response": RESPONSE,
    "signal": SIGNAL,
    "request_context": REQUEST_CONTEXT,
    "app_context": APP_CONTEXT,
    "client": CLIENT,
}
ROWS = [(kind, name, row) for kind, table in TABLES.items() for name, row in table.items()]
IDS = [f"{kind}.{name}" for kind, name, _ in ROWS]


@pytest.mark.parametrize(("kind", "name", "row"), ROWS, ids=IDS)
def test_a_former_attribute_works_and_warns_once_at_the_line_that_asks(kind: str, name: str, row: LegacyMember) -> None:
    with Flask("a").app_context():
        asked = ask(f"\nfound = owner.{name}", owner=make(kind))
    assert [line for _, line in asked.warned] == [2]
    assert row.advice in asked.warned[0][0]
    assert asked.elsewhere == []


ASSIGNED = {
    "send_file_max_age_default": timedelta(seconds=5),
    "static_path": "/files",
    "propagate_exceptions": True,
}


@pytest.mark.parametrize(("kind", "name", "row"), ROWS, ids=IDS)
def test_a_former_attribute_may_be_assigned(kind: str, name: str, row: LegacyMember) -> None:
    owner = make(kind)
    value: t.Any = ASSIGNED.get(name, dict)
    if isinstance(row, LegacySetting):
        ask(f"owner.{name} = value", owner=owner, value=value)
        assert ask(f"found = owner.{name}", owner=owner).names["found"] == value
    else:
        asked = ask(f"owner.{name} = value\nfound = owner.{name}", owner=owner, value=value)
        assert asked.names["found"] is value
        assert asked.warned == []


SWITCHED_OFF = """
import sys
from flask import Blueprint, Config, Flask, Request, Response
import blinker
owners = {"app": Flask("a"), "blueprint": Blueprint("b", "a"), "config": Flask("a").config, "request": Request,
          "response": Response, "signal": blinker.Signal(), "request_context": Flask("a").test_request_context(),
          "app_context": Flask("a").app_context(), "client": Flask("a").test_client()}
print([row for row in sys.argv[1:] if hasattr(owners[row.partition(".")[0]], row.partition(".")[2])])
app = Flask("a")
app.config["JSON_AS_ASCII"] = False
print(app.json.ensure_ascii, "ENV" in app.config, app.debug)
for line in ("Flask('a', static_path='/x')", "app.config['ENV']"):
    try:
        eval(line)
    except (TypeError, KeyError) as error:
        print(type(error).__name__)
from werkzeug.security import generate_password_hash
try:
    generate_password_hash("x", method="sha256")
except ValueError as error:
    print(error)
"""


def test_attributes_and_settings_are_gone_when_switched_off() -> None:
    env = {"FERROFLASK_LEGACY": "0", "FLASK_ENV": "development"}
    done = subprocess.run(
        [sys.executable, "-W", "error", "-c", SWITCHED_OFF, *IDS], env=env, capture_output=True, text=True, check=True
    )
    assert done.stdout.splitlines() == [
        "[]",
        "True False False",
        "TypeError",
        "KeyError",
        "Invalid hash method 'sha256'.",
    ]


KEYWORDS = [(function, old) for function, names in LEGACY_KEYWORDS.items() for old in names]
CALLS = {
    ("Flask.__init__", "static_path"): "found = Flask('a', static_path='/files').static_url_path == '/files'",
    ("send_file", "attachment_filename"): "found = 'a.bin' in send_file(__file__, as_attachment=True,"
    " attachment_filename='a.bin').headers['Content-Disposition']",
    ("send_file", "cache_timeout"): "found = send_file(__file__, cache_timeout=7).cache_control.max_age == 7",
    ("send_file", "add_etags"): "found = 'ETag' not in send_file(__file__, add_etags=False).headers",
    ("send_from_directory", "filename"): "found = send_from_directory(folder, filename=name).status_code == 200",
    ("send_from_directory", "attachment_filename"): "found = 'a.bin' in send_from_directory(folder, name,"
    " as_attachment=True, attachment_filename='a.bin').headers['Content-Disposition']",
    ("send_from_directory", "cache_timeout"): "found = send_from_directory(folder, name,"
    " cache_timeout=7).cache_control.max_age == 7",
    ("send_from_directory", "add_etags"): "found = 'ETag' not in send_from_directory(folder, name,"
    " add_etags=False).headers",
}


@pytest.mark.parametrize(("function", "old"), KEYWORDS)
def test_a_former_keyword_argument_works_and_warns(function: str, old: str) -> None:
    import os

    import flask

    names = {"folder": os.path.dirname(__file__), "name": os.path.basename(__file__), "__file__": __file__}
    imported = {each: getattr(flask, each) for each in ("Flask", "send_file", "send_from_directory")}
    with Flask("a").test_request_context():
        asked = ask("\n" + CALLS[function, old], **names, **imported)
    assert asked.names["found"] is True
    assert asked.warned == [(LEGACY_KEYWORDS[function][old].advice, 2)]


def test_a_keyword_argument_that_never_was_is_an_error() -> None:
    from flask import send_file, send_from_directory

    app = Flask("a")
    with app.test_request_context():
        with pytest.raises(TypeError, match="unexpected keyword argument 'never'"):
            send_file(__file__, never=1)
        with pytest.raises(TypeError, match="missing 1 required positional argument: 'path'"):
            send_from_directory("folder")


VALUES = {
    "JSON_AS_ASCII": False,
    "JSON_SORT_KEYS": False,
    "JSONIFY_PRETTYPRINT_REGULAR": True,
    "JSONIFY_MIMETYPE": "a/b",
}
TEXT = {
    "JSON_AS_ASCII": '{"a":1,"é":2}\n',
    "JSON_SORT_KEYS": '{"\\u00e9":2,"a":1}\n',
    "JSONIFY_PRETTYPRINT_REGULAR": '{\n  "a": 1,\n  "\\u00e9": 2\n}\n',
    "JSONIFY_MIMETYPE": '{"a":1,"\\u00e9":2}\n',
}
WAYS = {
    "item": "app.config[key] = value",
    "update": "app.config.update({key: value})",
    "keywords": "app.config.update(**{key: value})",
    "mapping": "app.config.from_mapping({key: value})",
    "object": "app.config.from_object(type('Settings', (), {key: value}))",
    "default": "app.config.setdefault(key, value)",
}


@pytest.mark.parametrize("way", WAYS.values(), ids=list(WAYS))
@pytest.mark.parametrize("key", sorted(JSON_KEYS))
def test_a_json_setting_is_obeyed_and_warns(key: str, way: str) -> None:
    app = Flask("a")
    app.add_url_rule("/", view_func=lambda: {"é": 2, "a": 1}, endpoint="index")
    asked = ask("\n" + way, app=app, key=key, value=VALUES[key])
    assert len(asked.warned) == 1
    assert asked.warned[0][1] == 2
    assert JSON_KEYS[key][0] in asked.warned[0][0]
    answer = app.test_client().get("/")
    assert answer.text == TEXT[key]
    assert answer.mimetype == ("a/b" if key == "JSONIFY_MIMETYPE" else "application/json")


@pytest.mark.parametrize("key", sorted(DEFAULTS))
def test_asking_for_a_former_setting_gives_its_default(key: str) -> None:
    asked = ask("\nfound = config[key]", config=Flask("a").config, key=key)
    assert [line for _, line in asked.warned] == [2]
    assert asked.names["found"] == DEFAULTS[key]()


def test_flask_env_switches_debug_mode_on(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("FLASK_DEBUG", raising=False)
    monkeypatch.setenv("FLASK_ENV", "development")
    asked = ask("\napp = Flask('a')\nfound = app.env", Flask=Flask)
    assert asked.names["app"].debug is True
    assert asked.names["found"] == "development"
    assert "FLASK_DEBUG" in asked.warned[0][0]
    assert asked.warned[0][1] == 2


def test_an_app_factory_may_ask_for_the_script_info() -> None:

    from ferroflask.legacy.flask.environment import wants_script_info

    asked = ask("found = wants(lambda script_info: None)", wants=wants_script_info)
    assert asked.names["found"] is True
    assert len(asked.warned) == 1
