"""Calls an application as WSGI servers do and prints the pieces of each body: there are servers that send the head with
the first piece, be it an empty one.
"""

from __future__ import annotations

from flask import Flask, Response, jsonify, make_response, redirect
from werkzeug.test import create_environ

ANSWERS = {
    "text": lambda: "text",
    "empty": lambda: "",
    "empty-bytes": lambda: b"",
    "created": lambda: ("", 201),
    "headers": lambda: ("", {"X-Own": "1"}),
    "no-content": lambda: ("", 204),
    "not-modified": lambda: ("", 304),
    "error": lambda: ("", 500),
    "made": lambda: make_response(""),
    "response": lambda: Response(),
    "response-empty": lambda: Response(""),
    "response-list": lambda: Response([]),
    "response-empty-list": lambda: Response([""]),
    "response-204": lambda: Response("", 204),
    "response-304": lambda: Response("x", 304),
    "response-text": lambda: Response("text"),
    "response-tuple": lambda: Response(("", "")),
    "set-data": lambda: set_data(),
    "generator": lambda: (piece for piece in ("", "a")),
    "empty-generator": lambda: iter(()),
    "list": lambda: [],
    "json": lambda: jsonify(),
    "redirect": lambda: redirect("/"),
}


def set_data():
    response = Response("text")
    response.data = b""
    return response


def make_app():
    app = Flask(__name__)
    for name, answer in ANSWERS.items():
        app.add_url_rule(f"/{name}", name, answer)
    return app


def call(app, path, method):
    began = []
    body = app(create_environ(path, method=method), lambda status, *rest: began.append(status))
    pieces = list(body)
    if hasattr(body, "close"):
        body.close()
    print(method, path, *began, pieces if sum(map(len, pieces)) < 100 else len(pieces))


app = make_app()
for method in ("GET", "HEAD", "OPTIONS", "POST"):
    for path in (*ANSWERS, "missing"):
        call(app, f"/{path}", method)

# With a response object in any case.
app = make_app()
app.after_request(lambda response: response)
for path in ANSWERS:
    call(app, f"/{path}", "GET")
