"""A WSGI callable without any framework: what is left when the framework costs nothing."""

from __future__ import annotations

import typing as t

HEADERS = [("Content-Type", "text/html; charset=utf-8"), ("Content-Length", "13")]


def app(environ: dict[str, t.Any], start_response: t.Callable[..., t.Any]) -> list[bytes]:
    start_response("200 OK", HEADERS)
    return [b"Hello, World!"]
