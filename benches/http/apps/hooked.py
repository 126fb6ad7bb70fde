"""A hello with what most applications add around their views: hooks, a signal's receiver, a middleware."""

from __future__ import annotations

import sys
import typing as t

from flask import Flask, Response, abort, g, request, request_started
from werkzeug.middleware.proxy_fix import ProxyFix

app = Flask(__name__)
app.wsgi_app = ProxyFix(app.wsgi_app, x_for=1, x_proto=1)  # type: ignore[method-assign]
started = 0


@app.get("/which/<name>")
def which(name: str) -> str:
    """Answer with 404 when `flask` is not the one that is named."""
    if name != ("ferroflask" if "ferroflask._core" in sys.modules else "flask"):
        abort(404)
    return name


@request_started.connect_via(app)
def count_requests(sender: Flask, **_: t.Any) -> None:
    global started
    started += 1


@app.before_request
def know_the_client() -> None:
    g.client = request.remote_addr


@app.after_request
def name_the_client(response: Response) -> Response:
    response.headers["X-Client"] = g.client
    return response


@app.teardown_request
def forget_the_client(error: BaseException | None) -> None:
    g.pop("client", None)


@app.route("/")
def hello() -> str:
    return "Hello, World!"
