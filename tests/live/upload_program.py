"""The Flask application of the upload tests: it reads what it is sent, in pieces, and says what it was."""

from __future__ import annotations

import hashlib
import typing as t

from flask import Flask, request
from werkzeug.exceptions import ClientDisconnected

app = Flask(__name__)


def summed(stream: t.IO[bytes]) -> str:
    digest, size = hashlib.sha256(), 0
    while piece := stream.read(16_000):
        digest.update(piece)
        size += len(piece)
    return f"{size} {digest.hexdigest()}"


@app.post("/files")
def files() -> str:
    try:
        found = list(request.files.items(multi=True))
    except ClientDisconnected as error:
        print("broken off:", error.code, flush=True)
        raise
    return "\n".join(f"{name} {summed(file.stream)}" for name, file in found) + "\n" + repr(dict(request.form))


@app.post("/body")
def body() -> str:
    return summed(request.stream)


@app.post("/lines")
def lines() -> str:
    print("read:", request.stream.readline(), flush=True)
    return summed(request.stream)


@app.post("/unread")
def unread() -> str:
    return "did not look"


@app.get("/")
def hello() -> str:
    return "hello"
