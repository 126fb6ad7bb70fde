"""Applications behind Werkzeug's `ProxyFix`, and the same behind a subclass of it, which has to be called each time."""

from __future__ import annotations

import typing as t

from flask import Flask, Response, redirect, request, send_file, session, url_for
from werkzeug.middleware.proxy_fix import ProxyFix

TRUSTED: dict[str, dict[str, t.Any]] = {
    "usual": {},
    "all": {"x_for": 1, "x_proto": 1, "x_host": 1, "x_port": 1, "x_prefix": 1},
    "two": {"x_for": 2, "x_proto": 2, "x_host": 2, "x_port": 2, "x_prefix": 2},
    "none": {"x_for": 0, "x_proto": 0},
    "odd": {"x_for": True, "x_proto": -1, "x_host": 1, "x_prefix": 1},
}


class Called(ProxyFix):
    """Does the same."""


class Marking:
    """A middleware of the program's own: sees the environ and the answer."""

    def __init__(self, inside: t.Any) -> None:
        self.inside = inside

    def __call__(self, environ: dict[str, t.Any], start_response: t.Callable[..., t.Any]) -> t.Iterable[bytes]:
        def start(status: str, headers: list[tuple[str, str]], *rest: t.Any) -> t.Any:
            return start_response(status, [*headers, ("X-Marked", f"{environ['REMOTE_ADDR']} {status}")], *rest)

        return t.cast("t.Iterable[bytes]", self.inside(environ, start))


class PassingOn:
    """A middleware that changes nothing."""

    def __init__(self, inside: t.Any) -> None:
        self.inside = inside

    def __call__(self, environ: dict[str, t.Any], start_response: t.Callable[..., t.Any]) -> t.Any:
        return self.inside(environ, start_response)


def shown_environ() -> list[str]:
    hidden = ("REMOTE_PORT", "SERVER_SOFTWARE", "wsgi.input", "wsgi.errors", "werkzeug.request")
    return [f"{key}: {value!r}" for key, value in request.environ.items() if key not in hidden]


def application(wrap: t.Callable[[t.Any], t.Any]) -> Flask:
    app = Flask("proxied")
    app.secret_key = "k"

    @app.get("/hello")
    def hello() -> str:
        return "hello"

    @app.get("/seen")
    def seen() -> dict[str, t.Any]:
        address = {
            name: getattr(request, name)
            for name in ("remote_addr", "scheme", "host", "url", "root_path", "script_root", "server", "is_secure")
        }
        return {**address, "route": list(request.access_route), "link": url_for("hello"), "orig": origin()}

    def origin() -> t.Any:
        return request.environ.get("werkzeug.proxy_fix.orig")

    app.add_url_rule("/early", "early", lambda: {"address": request.remote_addr, "scheme": request.scheme})
    app.add_url_rule("/environ", "environ", shown_environ)
    app.add_url_rule("/away", "away", lambda: redirect(url_for("hello", _external=True)))
    app.add_url_rule("/slash/", "slash", lambda: "slash")
    app.add_url_rule("/file", "file", lambda: send_file(__file__))
    app.add_url_rule("/stream", "stream", lambda: Response(piece for piece in ("a", "b")))
    app.add_url_rule("/form", "form", lambda: request.form.to_dict(), methods=["POST"])

    @app.get("/session")
    def with_session() -> str:
        session["proxied"] = request.is_secure
        return "kept"

    @app.get("/trust/<int:proxies>")
    def trust(proxies: int) -> str:
        middleware: t.Any = app.wsgi_app
        middleware.x_for = proxies
        return "from now on"

    app.wsgi_app = wrap(app.wsgi_app)  # type: ignore[method-assign]
    return app


def behind(kind: type[ProxyFix], trusted: dict[str, t.Any]) -> Flask:
    return application(lambda inside: kind(inside, **trusted))


usual, called_usual = (behind(kind, TRUSTED["usual"]) for kind in (ProxyFix, Called))
all_, called_all_ = (behind(kind, TRUSTED["all"]) for kind in (ProxyFix, Called))
two, called_two = (behind(kind, TRUSTED["two"]) for kind in (ProxyFix, Called))
none, called_none = (behind(kind, TRUSTED["none"]) for kind in (ProxyFix, Called))
odd, called_odd = (behind(kind, TRUSTED["odd"]) for kind in (ProxyFix, Called))
twice, called_twice = (application(lambda inside, k=k: k(k(inside))) for k in (ProxyFix, Called))
marked, called_marked = (application(lambda inside, k=k: k(Marking(inside))) for k in (ProxyFix, Called))
passed, called_passed = (application(lambda inside, k=k: PassingOn(k(inside))) for k in (ProxyFix, Called))
