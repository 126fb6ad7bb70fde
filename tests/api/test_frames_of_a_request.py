"""No Python of ours runs between the functions of a program: hooks, view, response and session meet without it."""

from __future__ import annotations

import sys
import typing as t
from collections import Counter
from pathlib import Path

import flask
import pytest
from flask import Flask, session
from flask.views import MethodView
from werkzeug.wrappers import Response as WerkzeugResponse

OURS = Path(flask.__file__).parent


class Subclass(flask.Response):
    pass


class Hooks:
    def before(self) -> None:
        session.get("seen")

    def after(self, response: flask.Response) -> flask.Response:
        response.headers["X-After"] = "yes"
        return response

    def after_as_werkzeug(self, response: flask.Response) -> WerkzeugResponse:
        return WerkzeugResponse(response.get_data(), headers=list(response.headers))

    def teardown(self, error: BaseException | None) -> None:
        pass


def application(response_class: type[flask.Response] = flask.Response) -> Flask:
    app = Flask(__name__)
    app.secret_key = "some secret"
    app.response_class = response_class
    hooks = Hooks()
    app.before_request(hooks.before)
    app.after_request(hooks.after)
    app.teardown_request(hooks.teardown)
    app.teardown_appcontext(hooks.teardown)

    @app.get("/read")
    def read() -> str:
        return app.url_for("read", page=1, _anchor="top") + str(len(session))

    @app.get("/permanent")
    def permanent() -> dict[str, t.Any]:
        session["_permanent"] = True
        return {"permanent": True}

    @app.get("/clear")
    def clear() -> tuple[str, int]:
        session.clear()
        return "cleared", 201

    return app


def frames(app: Flask, path: str) -> tuple[Counter[str], list[tuple[str, str]]]:
    """The frames of ours that a request runs, by name, and the headers of the answer."""
    started: list[list[tuple[str, str]]] = []
    found: Counter[str] = Counter()
    environ = {
        "REQUEST_METHOD": "GET",
        "PATH_INFO": path,
        "QUERY_STRING": "",
        "SERVER_NAME": "localhost",
        "SERVER_PORT": "80",
        "wsgi.url_scheme": "http",
    }

    def watch(frame: t.Any, event: str, _argument: object) -> None:
        if event == "call" and OURS in Path(frame.f_code.co_filename).parents:
            found[frame.f_code.co_name] += 1

    def run() -> None:
        b"".join(app.wsgi_app(dict(environ), lambda status, headers, *_: started.append(headers)))  # type: ignore[arg-type, return-value]

    # What is imported or compiled for the first request is done.
    run()
    before = sys.getprofile()
    sys.setprofile(watch)
    try:
        run()
    finally:
        sys.setprofile(before)
    return found, started[-1]


# What the class of sessions calls when it is changed is called by Werkzeug's.
CHANGED = Counter(_mark_modified=1)


@pytest.mark.parametrize(
    ("path", "expected"), [("/read", Counter()), ("/permanent", CHANGED), ("/clear", CHANGED), ("/missing", Counter())]
)
def test_hooks_and_session(path: str, expected: Counter[str]) -> None:
    found, headers = frames(application(), path)
    assert found == expected
    assert ("X-After", "yes") in headers
    assert ("Vary", "Cookie") in headers


@pytest.mark.parametrize("path", ["/read", "/permanent", "/clear"])
def test_responses_of_other_classes(path: str) -> None:
    subclassed, headers = frames(application(Subclass), path)
    # Making an object of another class is that class's business; saving the session into it is not.
    assert subclassed.keys().isdisjoint({"is_null_session", "save_session", "set_cookie", "delete_cookie"})
    assert ("Vary", "Cookie") in headers
    app = application()
    app.after_request_funcs[None].insert(0, Hooks().after_as_werkzeug)
    found, headers = frames(app, path)
    assert found == (Counter() if path == "/read" else CHANGED)
    assert ("Vary", "Cookie") in headers


def test_method_views_run_no_more_than_their_own_two_functions() -> None:
    class Notes(MethodView):
        def get(self) -> str:
            return "notes"

    app = application()
    app.add_url_rule("/notes", view_func=Notes.as_view("notes"))
    found, _ = frames(app, "/notes")
    assert found == Counter(view=1, dispatch_request=1)
