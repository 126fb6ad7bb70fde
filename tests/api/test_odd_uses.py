"""Uses of the API that extensions make and programs seldom do: the same on stock and on ours."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest

SETTINGS = """
from flask import Flask, session
def cookie(**config):
    app = Flask("a", static_folder=None)
    app.secret_key = "k"
    app.config.update(config)
    @app.get("/")
    def view():
        session["a"] = 1
        return ""
    answer = app.test_client().get("/")
    return answer.status_code, [line.partition("; ")[2] for line in answer.headers.getlist("Set-Cookie")]
"""

MAKING = """
from flask import Flask, jsonify, make_response
app = Flask("a")
def made(*value):
    with app.app_context():
        try:
            answer = make_response(*value)
        except (RuntimeError, TypeError) as error:
            return type(error).__name__, str(error)
        return answer.status, answer.data, sorted(answer.headers)
"""

STATIC = """
from flask import Flask
view = Flask("a", static_folder="static").view_functions["static"]
"""

USES = [
    *(f"cookie(SESSION_COOKIE_DOMAIN={value!r})" for value in (None, False, "", "a.example")),
    *(f"cookie(SESSION_COOKIE_SECURE={value!r})" for value in (None, 0, 1, "yes", "")),
    *(f"cookie(SESSION_COOKIE_HTTPONLY={value!r})" for value in (None, 1, "no")),
    *(f"cookie(SESSION_COOKIE_PATH={value!r})" for value in (None, False, "", "/b c")),
    *(f"cookie(SESSION_COOKIE_SAMESITE={value!r})" for value in ("lax", "None")),
    *(f"cookie(SESSION_COOKIE_PARTITIONED={value!r})" for value in (None, True)),
    "cookie(MAX_COOKIE_SIZE=None)",
    "cookie(MAX_COOKIE_SIZE=0)",
    "made('', 204)",
    "made('text')",
    "made({'a': 1}, 201, {'X-A': 'b'})",
    "made(app.response_class('b'), {'X-A': 'b'})",
    "made()",
    "made(None)",
    "made(1)[0]",
    "made(lambda environ, start_response: [])",
    "(view.__module__, view.__name__)",
]


def said(side: str, program: str) -> list[str]:
    """Return what the program prints on that side, "0" for stock."""
    environment = {**os.environ, "FERROFLASK": side}
    command = [sys.executable, "-W", "ignore", "-c", program]
    return subprocess.run(command, env=environment, capture_output=True, text=True, check=True).stdout.splitlines()


@pytest.fixture(scope="module")
def answers() -> dict[str, tuple[str, str]]:
    program = "\n".join([SETTINGS, MAKING, STATIC, *(f"print(repr(({use})))" for use in USES)])
    both = zip(said("0", program), said("1", program), strict=True)
    return dict(zip(USES, both, strict=True))


@pytest.mark.parametrize("use", USES)
def test_it_does_what_stock_does(use: str, answers: dict[str, tuple[str, str]]) -> None:
    stock, ours = answers[use]
    assert ours == stock
