"""A hello in an application of a chosen size: BENCH_ROUTES rules beside it, BENCH_HOOKS hooks before and after it."""

from __future__ import annotations

import os
import sys

from flask import Flask, Response, abort, session

app = Flask(__name__)
app.secret_key = "measured"


@app.get("/which/<name>")
def which(name: str) -> str:
    """Answer with 404 when `flask` is not the one that is named."""
    if name != ("ferroflask" if "ferroflask._core" in sys.modules else "flask"):
        abort(404)
    return name


@app.route("/")
def hello() -> str:
    return "Hello, World!"


@app.route("/log-in/<int:size>")
def log_in(size: int) -> str:
    """Fill the session with about `size` bytes of JSON, of which no two texts are equal."""
    session["reader"] = "ada"
    session["basket"] = [f"book {number * 7919 % 10007}" for number in range(size // 12)]
    return "in"


@app.route("/visits")
def visits() -> str:
    session["visits"] = session.get("visits", 0) + 1
    return "seen"


def one_of_many(number: int, name: str) -> str:
    return f"{number} {name}"


def before() -> None:
    pass


def after(response: Response) -> Response:
    return response


for count in range(int(os.environ.get("BENCH_ROUTES", "0"))):
    app.add_url_rule(f"/r{count}/<int:number>/x/<name>", f"r{count}", one_of_many)
for _ in range(int(os.environ.get("BENCH_HOOKS", "0"))):
    app.before_request(before)
    app.after_request(after)
