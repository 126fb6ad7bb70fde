"""The engine's objects and the garbage collector: collected whenever, and leaving nothing behind."""

from __future__ import annotations

import gc
import subprocess
import sys
import weakref

import pytest
from flask import Flask, g, request, session
from flask.ctx import RequestContext

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


def test_an_app_is_collected() -> None:
    app: Flask | None = Flask(__name__)
    assert app is not None
    app.test_client().get("/nothing-here")
    gone = weakref.ref(app)
    del app
    gc.collect()
    assert gone() is None
