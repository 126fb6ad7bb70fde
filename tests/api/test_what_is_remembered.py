"""What the engine remembers of an application under CPython's versions is never older than the application: each change
is seen by the very next request, and its undoing by the one after.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager

import flask
import pytest
from flask import Flask, signals


class Own(Flask):
    """A class of the test's own, to be changed without harm to others."""


@pytest.fixture
def app() -> Flask:
    app = Own("remembered")
    app.add_url_rule("/", "hello", lambda: "as ever")
    app.add_url_rule("/json", "json", lambda: flask.jsonify(b=1, a=2))
    client = app.test_client()
    # Often enough for everything to be known by heart.
    for _ in range(5):
        assert client.get("/").text == "as ever"
        assert client.get("/json").text == '{"a":2,"b":1}\n'
    return app


@contextmanager
def on_instance(app: Flask) -> Iterator[None]:
    app.make_response = lambda rv: flask.Response("changed")  # type: ignore[method-assign]
    yield
    del app.make_response


@contextmanager
def in_the_dict(app: Flask) -> Iterator[None]:
    app.__dict__["dispatch_request"] = lambda: "changed"
    yield
    del app.__dict__["dispatch_request"]


@contextmanager
def with_another_dict(app: Flask) -> Iterator[None]:
    before = app.__dict__
    app.__dict__ = {**before, "make_response": lambda rv: flask.Response("changed")}
    yield
    app.__dict__ = before


@contextmanager
def on_class(app: Flask) -> Iterator[None]:
    Own.make_response = lambda self, rv: flask.Response("changed")  # type: ignore[method-assign]
    yield
    del Own.make_response


@contextmanager
def on_base(app: Flask) -> Iterator[None]:
    own = Flask.dispatch_request
    Flask.dispatch_request = lambda self: "changed"  # type: ignore[method-assign]
    yield
    Flask.dispatch_request = own  # type: ignore[method-assign]


@contextmanager
def in_a_hook_list(app: Flask) -> Iterator[None]:
    app.before_request_funcs.setdefault(None, []).append(lambda: "changed")
    yield
    app.before_request_funcs[None].clear()


@contextmanager
def as_another_hook_table(app: Flask) -> Iterator[None]:
    before = app.before_request_funcs
    app.before_request_funcs = {None: [lambda: "changed"]}
    yield
    app.before_request_funcs = before


@contextmanager
def among_the_views(app: Flask) -> Iterator[None]:
    before = app.view_functions["hello"]
    app.view_functions["hello"] = lambda: "changed"
    yield
    app.view_functions["hello"] = before


CHANGES = [
    on_instance,
    in_the_dict,
    with_another_dict,
    on_class,
    on_base,
    in_a_hook_list,
    as_another_hook_table,
    among_the_views,
]


@pytest.mark.parametrize("changed", CHANGES, ids=lambda changed: changed.__name__)
def test_changes_are_seen_at_once(app: Flask, changed: Callable[[Flask], object]) -> None:
    client = app.test_client()
    for _ in range(3):
        with changed(app):  # type: ignore[attr-defined]
            assert client.get("/").text == "changed"
        assert client.get("/").text == "as ever"


def test_another_response_class_is_seen_at_once(app: Flask) -> None:
    client = app.test_client()
    app.response_class = type("Plain", (flask.Response,), {"default_mimetype": "text/plain"})
    assert client.get("/").mimetype == "text/plain"
    del app.response_class
    assert client.get("/").mimetype == "text/html"


def test_json_settings_are_seen_at_once(app: Flask) -> None:
    client = app.test_client()
    app.json.sort_keys = False  # type: ignore[attr-defined]
    assert client.get("/json").text == '{"b":1,"a":2}\n'
    del app.json.sort_keys  # type: ignore[attr-defined]
    assert client.get("/json").text == '{"a":2,"b":1}\n'
    app.debug = True
    assert client.get("/json").text == '{\n  "a": 2,\n  "b": 1\n}\n'
    app.debug = False
    assert client.get("/json").text == '{"a":2,"b":1}\n'


def test_receivers_are_seen_at_once(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    client = app.test_client()
    heard: list[object] = []

    def hear(sender: Flask) -> None:
        heard.append(sender)

    with signals.request_started.connected_to(hear, app):
        client.get("/")
    client.get("/")
    assert heard == [app]
    with signals.request_started.connected_to(hear, app):
        # Another signal under the name, and another table of receivers in the signal.
        with monkeypatch.context() as patch:
            patch.setattr(signals, "request_started", signals._signals.signal("nobody-listens"))
            client.get("/")
        with monkeypatch.context() as patch:
            patch.setattr(signals.request_started, "receivers", {})
            client.get("/")
        assert heard == [app]
        client.get("/")
    assert heard == [app, app]
