"""Views that wait, compute, or ask their own server: what a scheduler has to live with."""

from __future__ import annotations

import http.client
import itertools
import sys
import threading
import time

from flask import Flask, abort, request

app = Flask(__name__)
asked = itertools.count(1)


@app.get("/which/<name>")
def which(name: str) -> str:
    """Answer with 404 when `flask` is not the one that is named."""
    if name != ("ferroflask" if "ferroflask._core" in sys.modules else "flask"):
        abort(404)
    return name


@app.route("/")
def fast() -> str:
    return "Hello, World!"


@app.route("/sleep")
def sleep() -> str:
    time.sleep(0.05)
    return "slept"


@app.route("/sometimes")
def sometimes() -> str:
    """Answer at once, but sleep one time in a hundred."""
    if next(asked) % 100 == 0:
        time.sleep(0.05)
    return "sometimes"


@app.route("/ask-yourself")
def ask_yourself() -> bytes:
    connection = http.client.HTTPConnection(request.host, timeout=5)
    connection.request("GET", "/")
    answer = connection.getresponse().read()
    connection.close()
    return answer


@app.route("/compute")
def compute() -> str:
    return str(sum(number * number for number in range(20_000)))


def turn_round() -> None:
    while True:
        pass


@app.route("/spin")
def spin() -> str:
    """Let a thread spin from now on, as a program does that computes beside its views."""
    threading.Thread(target=turn_round, daemon=True).start()
    return "spinning"
