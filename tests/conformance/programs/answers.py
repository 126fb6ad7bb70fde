"""Asks small applications for answers of every form and prints them; an engine is right when stock prints the same."""

from __future__ import annotations

import datetime
import decimal
import sys
import typing as t
import warnings

from flask import Flask, Response, abort, jsonify, make_response, redirect, request, request_finished, session
from flask.json.provider import DefaultJSONProvider
from markupsafe import Markup
from werkzeug import exceptions as errors
from werkzeug.datastructures import Headers
from werkzeug.routing import RequestRedirect

warnings.simplefilter("ignore")


class Fancy(errors.NotFound):
    description = "a <b>\n'fancy' one"


class OwnBody(errors.NotFound):
    def get_body(self, environ: t.Any = None, scope: t.Any = None) -> str:
        return "own body"


class OwnHeaders(errors.NotFound):
    def get_headers(self, environ: t.Any = None, scope: t.Any = None) -> list[tuple[str, str]]:
        return [("Content-Type", "text/plain"), ("X-Own", "1")]


class OwnName(errors.NotFound):
    name = "Gone Fishing"


class OwnCode(errors.HTTPException):
    code = 419
    description = "odd"


def changed_instance() -> Exception:
    error = errors.NotFound("x")
    error.get_body = lambda *_: "instance body"  # type: ignore[method-assign]
    return error


RAISED: dict[str, t.Callable[[], Exception]] = {
    "missing": errors.NotFound,
    "fancy": Fancy,
    "own-body": OwnBody,
    "own-headers": OwnHeaders,
    "own-name": OwnName,
    "own-code": OwnCode,
    "changed-instance": changed_instance,
    "ready-response": lambda: errors.NotFound(response=Response("mine", 410)),
    "markup": lambda: errors.NotFound(Markup("<i>ok</i>\nnext")),
    "no-code": errors.HTTPException,
    "teapot": errors.ImATeapot,
    "empty": lambda: errors.BadRequest(""),
    "methods": lambda: errors.MethodNotAllowed(["GET", "PUT"]),
    "no-methods": lambda: errors.MethodNotAllowed([]),
    "lazy-methods": lambda: errors.MethodNotAllowed(m for m in ("A", "B")),
    "broken-methods": lambda: errors.MethodNotAllowed(["A\r\nB: c"]),
    "retry": lambda: errors.TooManyRequests(retry_after=3),
    "range": lambda: errors.RequestedRangeNotSatisfiable(length=3),
    "key": lambda: errors.BadRequestKeyError("k"),
    "unicode": lambda: errors.Forbidden('h\u00e9\u4e16\U0001f600 & "x"'),
    "surrogate": lambda: errors.Forbidden("\ud800"),
    "number": lambda: errors.NotFound(5),  # type: ignore[arg-type]
    "redirect": lambda: RequestRedirect("http://localhost/x/\u00e9?a=b c"),
    "plain-redirect": lambda: RequestRedirect("/plain?x=1"),
    "no-http-error": lambda: ValueError("boom"),
    "server-error": errors.InternalServerError,
}


def changed(name: str, value: t.Any) -> t.Callable[[], Response]:
    def view() -> Response:
        response = make_response("body")
        setattr(response, name, value)
        return response

    return view


def cookie(*args: t.Any, **kwargs: t.Any) -> t.Callable[[], Response]:
    def view() -> Response:
        response = make_response("body")
        response.set_cookie(*args, **kwargs)
        return response

    return view


def without_length() -> Response:
    response = make_response("body")
    response.automatically_set_content_length = False
    del response.headers["Content-Length"]
    return response


def corrected() -> Response:
    response = t.cast(Response, redirect("x/y"))
    response.autocorrect_location_header = True
    return response


RETURNED: dict[str, t.Callable[[], t.Any]] = {
    "redirect": lambda: redirect("/x?y=1"),
    "redirect-away": lambda: redirect("http://ex\u00e4mple.com:80/p\u00e4th?q=\u00e9 #f", 301),
    "redirect-beside": lambda: redirect("a/b<>\"'&"),
    "redirect-host": lambda: redirect("//evil/x"),
    "redirect-empty-query": lambda: redirect("/x?"),
    "redirect-empty-fragment": lambda: redirect("/x#"),
    "redirect-304": lambda: redirect("/", 304),
    "redirect-999": lambda: redirect("/", 999),
    "redirect-text-code": lambda: redirect("/", "302 Moved"),  # type: ignore[arg-type]
    "redirect-two-lines": lambda: redirect("/a\r\nX: y"),
    "redirect-bad-port": lambda: redirect("http://a:b/"),
    "redirect-unicode": lambda: redirect("/\u4e16"),
    "redirect-markup": lambda: redirect(Markup("/a&b")),
    "redirect-corrected": corrected,
    "error": lambda: errors.NotFound("returned"),
    "error-status": lambda: (errors.NotFound("returned"), 410),
    "error-headers": lambda: (errors.NotFound("returned"), {"X-A": "b"}),
    "json-one": lambda: jsonify(1),
    "json-two": lambda: jsonify(1, 2),
    "json-names": lambda: jsonify(b=1, a="\u00e9"),
    "json-none": lambda: jsonify(),
    "json-both": lambda: jsonify(1, a=2),
    "json-date": lambda: jsonify(datetime.date(2020, 1, 2)),
    "json-decimal": lambda: jsonify(decimal.Decimal("1.5")),
    "json-unknown": lambda: jsonify({1, 2}),
    "json-tuple": lambda: (jsonify(a=1), 201, {"X-J": "1"}),
    "headers": lambda: ("a", 201, {"X-A": "b", "x-c": "d"}),
    "headers-list": lambda: ("a", 404, [("X-A", "b"), ("X-A", "c")]),
    "headers-type": lambda: ("a", {"content-type": "text/plain"}),
    "headers-length": lambda: ("a", {"Content-Length": "7"}),
    "headers-many": lambda: ("a", {"X-A": ["b", "c"]}),
    "headers-number": lambda: ("a", {"X-A": 5}),
    "headers-two-lines": lambda: ("a", {"X-A": "b\nc"}),
    "headers-latin": lambda: ("a", {"X-A": "\u00e9"}),
    "headers-object": lambda: ("a", Headers([("X-A", "b")])),
    "headers-triple": lambda: ("a", 200, [("a", "b", "c")]),
    "location": lambda: ("a", 201, {"location": "/\u00e9"}),
    "locations": lambda: ("a", 201, [("location", "/a"), ("Location", "/b")]),
    "content-location": lambda: ("a", {"content-location": "/x y"}),
    "status-text": lambda: ("a", "202 Sure"),
    "status-204": lambda: ("a", 204),
    "status-304": lambda: ("a", 304, {"X-A": "b"}),
    "response": lambda: Response("hi", 201, {"X-A": "b"}, mimetype="text/plain"),
    "response-type": lambda: Response("hi", headers={"X-A": "b"}, content_type="a/b"),
    "response-xml": lambda: Response("hi", mimetype="application/xml"),
    "stream": lambda: Response(piece for piece in ("a", "b")),
    "no-length": without_length,
    "own-attribute": changed("mine", 1),
    "own-status": changed("status", "299 Foo"),
    "own-headers": changed("get_wsgi_headers", lambda _environ: Headers([("X-Shadow", "1")])),
    "passed-through": changed("direct_passthrough", True),
    "cookie": cookie("a", "b c"),
    "cookie-attributes": cookie("a", "b", domain=".x.org", samesite="lax", secure=True),
    "cookie-samesite": cookie("a", "b", samesite="no"),
    "cookie-unicode": cookie("\u00e9", "\u00e9"),
    "cookie-two-lines": cookie("a", expires="x\ny"),
    "cookie-long": cookie("a", "x" * 5000),
    "cookie-path": cookie("a", path="/\u00e9", expires=0),
}


def raising(make: t.Callable[[], Exception]) -> t.Callable[[], t.Any]:
    def view() -> t.Any:
        raise make()

    return view


def with_session() -> t.NoReturn:
    session["a"] = 1
    abort(404)


def application(kind: type[Flask] = Flask, **config: t.Any) -> Flask:
    app = kind("answers", static_folder=None)
    app.secret_key = "k"
    app.config.update(PROPAGATE_EXCEPTIONS=False, **config)
    app.logger.disabled = True
    for name, make in RAISED.items():
        app.add_url_rule(f"/raised/{name}", f"raised-{name}", raising(make))
    for name, view in RETURNED.items():
        app.add_url_rule(f"/returned/{name}", f"returned-{name}", view)
    app.add_url_rule("/slash/", "slash", lambda: "s")
    app.add_url_rule("/form", "form", lambda: request.form["missing"], methods=["POST"])
    app.add_url_rule("/abort/<int:code>", "abort", lambda code: abort(code, "why <not>"))
    app.add_url_rule("/session", "session", with_session)
    return app


PATHS = [
    *(f"/raised/{name}" for name in RAISED),
    *(f"/returned/{name}" for name in RETURNED),
    *("/nowhere", "/slash", "/slash?a=\u00e9", "/form", "/abort/403", "/abort/999", "/session"),
]


def ask(title: str, app: Flask) -> None:
    print("##", title)
    client = app.test_client(use_cookies=False)
    for path in PATHS:
        for method in ("GET", "HEAD", "POST") if path in ("/form", "/slash", "/nowhere") else ("GET", "HEAD"):
            try:
                answer = client.open(path, method=method)
            except Exception as error:
                print(method, path, "raised", type(error).__name__, error)
                continue
            # A session's signature has the time in it.
            headers = [(n, "…" if v.startswith("session=") else v) for n, v in answer.headers]
            print(method, path, answer.status, headers, answer.get_data()[:600])


class OwnHttp(Flask):
    def handle_http_exception(self, e: errors.HTTPException) -> str:
        return "own http"


class OwnUser(Flask):
    def handle_user_exception(self, e: Exception) -> t.Any:
        print("user", type(e).__name__, sys.exc_info()[1] is e)
        return super().handle_user_exception(e)


class OwnRouting(Flask):
    def raise_routing_exception(self, request: t.Any) -> t.NoReturn:
        print("routing", type(request.routing_exception).__name__)
        super().raise_routing_exception(request)


class OwnFull(Flask):
    def full_dispatch_request(self) -> Response:
        response = super().full_dispatch_request()
        response.headers["X-Full"] = "1"
        return response


class PlainText(Response):
    default_mimetype = "text/plain"


class OwnInit(Response):
    def __init__(self, *args: t.Any, **kwargs: t.Any) -> None:
        super().__init__(*args, **kwargs)
        self.headers["X-Init"] = "1"


class OwnDumps(DefaultJSONProvider):
    def dumps(self, obj: t.Any, **kwargs: t.Any) -> str:
        return f"dumped {sorted(kwargs)}"


def looking(response: Response) -> Response:
    response.headers["X-Seen"] = f"{type(response).__name__} {response.is_streamed} {response.content_length}"
    return response


def main() -> None:
    settings: tuple[dict[str, t.Any], ...] = (
        {},
        {"DEBUG": True},
        {"TRAP_HTTP_EXCEPTIONS": True},
        {"TRAP_BAD_REQUEST_ERRORS": True},
    )
    for config in settings:
        ask(str(config), application(**config))
    for caught in (404, errors.HTTPException, ValueError):
        app = application()
        app.register_error_handler(caught, lambda error: f"handled {type(error).__name__}")
        ask(f"handler for {caught}", app)
    for kind in (OwnHttp, OwnUser, OwnRouting, OwnFull):
        ask(kind.__name__, application(kind))
    for name, value in (("trap_http_exception", lambda _: True), ("_find_error_handler", lambda *_: lambda _: "found")):
        app = application()
        setattr(app, name, value)
        ask(name, app)
    for response_class in (PlainText, OwnInit):
        app = application()
        app.response_class = response_class
        ask(response_class.__name__, app)
    app = application()
    app.json = OwnDumps(app)
    ask("OwnDumps", app)
    patches: tuple[tuple[str, t.Any], ...] = (
        ("mimetype", "application/vnd.x+json"),
        ("compact", False),
        ("ensure_ascii", False),
        ("default", str),
        ("response", lambda *_, **__: "response"),
        ("_prepare_response_obj", lambda *_: "prepared"),
    )
    for name, value in patches:
        app = application()
        setattr(app.json, name, value)
        ask(f"json.{name}", app)
    app = application()
    app.after_request(looking)
    ask("after_request", app)
    app = application()
    with request_finished.connected_to(lambda _, response, **__: response.headers.add("X-Signal", "1"), app):
        ask("request_finished", app)
    # Last: it stays patched.
    errors.HTTPException.get_description = lambda *_, **__: "patched"  # type: ignore[method-assign]
    ask("patched", application())


if __name__ == "__main__":
    main()
