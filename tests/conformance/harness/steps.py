"""Short ways to write a Step down: the forms, uploads and JSON bodies that a tutorial's client sends."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any
from urllib.parse import urlencode

from .http_client import Headers
from .scenario import Step

BOUNDARY = "----a-boundary-of-the-tests"


def ask(rows: str, method: str, target: str, status: int, answer: str | bytes | None = None, **more: Any) -> Step:
    """A request of any method; `rows` are ids with blanks between them."""
    for plural in ("holds", "only"):
        if isinstance(more.get(plural), str):
            more[plural] = (more[plural],)
    return Step(tuple(rows.split()), method, target, status, answer=answer, **more)


def get(rows: str, target: str, status: int = 200, answer: str | bytes | None = None, **more: Any) -> Step:
    return ask(rows, "GET", target, status, answer, **more)


def send(rows: str, target: str, kind: str, body: bytes, status: int = 200, answer: Any = None, **more: Any) -> Step:
    """A request with a body of the media type `kind`; POST unless `method` says otherwise."""
    headers: Headers = [("Content-Length", str(len(body))), ("Content-Type", kind), *more.pop("headers", ())]
    return ask(rows, more.pop("method", "POST"), target, status, answer, headers=tuple(headers), body=body, **more)


def post(
    rows: str, target: str, fields: Sequence[tuple[str, str]], status: int = 200, answer: Any = None, **more: Any
) -> Step:
    """A form, as a browser posts it without files."""
    body = urlencode(fields).encode()
    return send(rows, target, "application/x-www-form-urlencoded", body, status, answer, **more)


def post_json(rows: str, target: str, value: Any, status: int = 200, answer: Any = None, **more: Any) -> Step:
    return send(rows, target, "application/json", json.dumps(value).encode(), status, answer, **more)


def upload(
    rows: str,
    target: str,
    parts: Sequence[tuple[str, str] | tuple[str, str, str, bytes]],
    status: int = 200,
    answer: Any = None,
    **more: Any,
) -> Step:
    """A multipart form; a part is (name, text) or (name, file name, media type, bytes)."""
    body = b"".join(_part(*part) for part in parts) + f"--{BOUNDARY}--\r\n".encode()
    return send(rows, target, f"multipart/form-data; boundary={BOUNDARY}", body, status, answer, **more)


def _part(name: str, value: str, kind: str = "", content: bytes = b"") -> bytes:
    head = f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="{name}"'
    if not kind:
        return f"{head}\r\n\r\n{value}\r\n".encode()
    return f'{head}; filename="{value}"\r\nContent-Type: {kind}\r\n\r\n'.encode() + content + b"\r\n"
