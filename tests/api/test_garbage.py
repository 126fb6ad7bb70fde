"""The engine's objects and the garbage collector: collected whenever, and leaving nothing behind."""

from __future__ import annotations

import gc
import subprocess
import sys
import typing as t
import weakref
from collections.abc import Callable, Iterable

import pytest
from flask import Flask, Request, g, request, session
from flask.ctx import RequestContext
from werkzeug.test import create_environ

# A crash would end the test run, so this is a program of its own. A collection starts at nearly every allocation: also
# while an object exists and its contents are not written yet.
COLLECT_ALL_THE_TIME = """
import gc
from flask import Flask, g, request, session, url_for

gc.set_threshold(1)
for _ in range(3):
    app = Flask(__name__)
    app.secret_key = "k"

    @app.route("/<name>")
    def view(name):
        g.name = session["name"] = name
        return {"name": name, "query": request.args, "here": url_for("view", name=name)}

    client = app.test_client()
    for path in ("/a?b=c", "/a/b", "/d"):
        client.get(path)
        with app.test_request_context(path):
            request.path
print("alive")
"""


def test_a_collection_at_any_moment() -> None:
    command = [sys.executable, "-c", COLLECT_ALL_THE_TIME]
    ended = subprocess.run(command, capture_output=True, text=True, timeout=50)
    assert (ended.returncode, ended.stdout.strip()) == (0, "alive"), ended.stderr


@pytest.fixture
def app() -> Flask:
    app = Flask(__name__)
    app.secret_key = "k"

    @app.get("/")
    def index() -> str:
        session["seen"] = True
        g.request = request._get_current_object()  # type: ignore[attr-defined]
        return "seen"

    return app


def test_nothing_of_a_request_stays(app: Flask) -> None:
    seen: list[weakref.ref[object]] = []
    app.teardown_request(lambda _: seen.append(weakref.ref(request._get_current_object())))  # type: ignore[attr-defined]
    app.test_client().get("/")
    gc.collect()
    assert [alive() for alive in seen] == [None]


def test_circles_through_contexts_are_collected(app: Flask) -> None:
    context: RequestContext | None = app.test_request_context("/")
    assert context is not None
    with context:
        g.context = context
        context.request.context = context  # type: ignore[attr-defined]
    gone = weakref.ref(context)
    del context
    gc.collect()
    assert gone() is None


class Marked:
    """Something of a program's that can be watched."""


def request_without_a_context(app: Flask) -> object:
    return Request(create_environ("/", method="POST", data=b"body"))


def environ_with_its_request(app: Flask) -> object:
    with app.test_request_context("/"):
        request.environ["program.request"] = request._get_current_object()  # type: ignore[attr-defined]
        return request._get_current_object()  # type: ignore[attr-defined]


def context_that_is_never_pushed(app: Flask) -> object:
    return app.test_request_context("/").request


def environ_with_its_context(app: Flask) -> object:
    context = app.test_request_context("/")
    context.request.environ["program.context"] = context
    return context.request


def two_contexts_of_one_request(app: Flask) -> object:
    context = app.test_request_context("/")
    context.request.environ["program.contexts"] = [context, context.copy()]
    return context.request


def view_arguments_with_their_request(app: Flask) -> object:
    context = app.test_request_context("/")
    context.request.view_args = {"context": context}
    return context.request


MAKERS = [
    request_without_a_context,
    environ_with_its_request,
    context_that_is_never_pushed,
    environ_with_its_context,
    two_contexts_of_one_request,
    view_arguments_with_their_request,
]


@pytest.mark.parametrize("make", MAKERS, ids=lambda make: make.__name__)
def test_circles_through_the_environ_are_collected(app: Flask, make: Callable[[Flask], t.Any]) -> None:
    marks: list[weakref.ref[object]] = []
    for _ in range(5):
        made, mark = make(app), Marked()
        made.environ["program.mark"] = mark
        marks.append(weakref.ref(mark))
    # What is in use is not touched.
    gc.collect()
    assert made.environ["program.mark"] is mark
    assert made.environ["PATH_INFO"] == "/"
    del made, mark
    gc.collect()
    assert [alive() for alive in marks] == [None] * 5


def test_what_an_environ_leads_to_stays_while_its_context_is_in_use(app: Flask) -> None:
    contexts = [app.test_request_context(f"/{number}") for number in range(5)]
    for context in contexts:
        context.request.environ["program.request"] = context.request
        other = context.copy()
        context.request = Request(create_environ("/other"))
        del other
    gc.collect()
    assert [context.request.path for context in contexts] == ["/other"] * 5
    requests = [app.test_request_context("/kept").request for _ in range(5)]
    gc.collect()
    assert [made.environ["PATH_INFO"] for made in requests] == ["/kept"] * 5


def test_requests_of_a_middleware_are_collected(app: Flask) -> None:
    """Which answers by itself: nothing of Flask's ends such a request."""
    seen: list[weakref.ref[object]] = []

    def refuse(environ: t.Any, start_response: t.Any) -> Iterable[bytes]:
        asked = Request(environ)
        seen.append(weakref.ref(asked))
        start_response("401 UNAUTHORIZED", [("Content-Length", "2")])
        return [b"no" if asked.headers.get("X-Key") is None else b"??"]

    app.wsgi_app = refuse  # type: ignore[method-assign]
    for _ in range(5):
        assert app.test_client().post("/", data=b"body").data == b"no"
    gc.collect()
    assert [alive() for alive in seen] == [None] * 5


def test_an_app_is_collected() -> None:
    app: Flask | None = Flask(__name__)
    assert app is not None
    app.test_client().get("/nothing-here")
    gone = weakref.ref(app)
    del app
    gc.collect()
    assert gone() is None
