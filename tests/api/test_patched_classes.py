"""A class of ours that a program changes before its first request: the change counts, as on stock Flask."""

from __future__ import annotations

import subprocess
import sys

import pytest

PROGRAM = """
from flask import Flask, Request, Response, request, session
from flask.json.provider import DefaultJSONProvider
from flask.sessions import SecureCookieSession, SecureCookieSessionInterface
from werkzeug.datastructures import CallbackDict

{patch}

app = Flask(__name__)
app.secret_key = "k"

@app.route("/", methods=["GET", "POST"])
def view():
    session["seen"] = 1
    return {{"json": request.get_json(silent=True)}} if request.method == "POST" else "text"

client = app.test_client(use_cookies=False)
for answer in (client.get("/"), client.post("/", json=[1])):
    print(answer.content_type, answer.text.strip(), "Set-Cookie" in answer.headers)
"""

PATCHES = {
    "Response.default_mimetype = 'text/plain'": (
        'text/plain; charset=utf-8 text True\napplication/json {"json":[1]} True\n'
    ),
    "SecureCookieSessionInterface.save_session = lambda *_: None": (
        'text/html; charset=utf-8 text False\napplication/json {"json":[1]} False\n'
    ),
    "Response.set_cookie = lambda *_, **__: None": (
        'text/html; charset=utf-8 text False\napplication/json {"json":[1]} False\n'
    ),
    "SecureCookieSession.__init__ = lambda session: setattr(session, 'on_update', None)": (
        'text/html; charset=utf-8 text False\napplication/json {"json":[1]} False\n'
    ),
    "CallbackDict.__init__ = lambda session, *_: setattr(session, 'on_update', None)": (
        'text/html; charset=utf-8 text False\napplication/json {"json":[1]} False\n'
    ),
    "Request.get_json = lambda *_, **__: 'patched'": (
        'text/html; charset=utf-8 text True\napplication/json {"json":"patched"} True\n'
    ),
    "DefaultJSONProvider.dumps = lambda *_, **__: 'patched'": (
        "text/html; charset=utf-8 text True\napplication/json patched True\n"
    ),
}


@pytest.mark.parametrize("patch", PATCHES)
def test_a_patch_before_the_first_request_counts(patch: str) -> None:
    # A program of its own: what is patched stays patched, and the first request is what matters.
    command = [sys.executable, "-c", PROGRAM.format(patch=patch)]
    ended = subprocess.run(command, capture_output=True, text=True, timeout=30)
    assert ended.stdout == PATCHES[patch], ended.stderr
