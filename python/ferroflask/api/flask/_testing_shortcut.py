"""The environ of a plain test request, made without the general builder.

Most tests send a path, and perhaps JSON, a form or a header. What is not that plain is answered with None, and the
caller takes the builder. The result equals the builder's, down to the order of its keys. Nothing here knows the client.
"""

from __future__ import annotations

import re
import sys
import typing as t
from functools import lru_cache
from io import BytesIO
from urllib.parse import urlencode

import werkzeug.test

if t.TYPE_CHECKING:
    from _typeshed.wsgi import WSGIEnvironment

    from .app import Flask

# Text that URL splitting, quoting and WSGI's latin-1 leave as it is. Two slashes in front would be a host.
_PLAIN_TARGET = re.compile(r"(/(?:[\w.~-][\w.~/-]*)?)(?:\?([\w.~=&%+-]+))?", re.ASCII)
_PLAIN_ARGUMENTS = frozenset({"method", "json", "data", "headers", "environ_base"})
# Werkzeug's choice of characters that a form body shows unquoted.
_FORM_SAFE = "!$'()*,/:;?@"


def plain_environ(app: Flask, args: tuple[t.Any, ...], kwargs: dict[str, t.Any]) -> WSGIEnvironment | None:
    """Return what `EnvironBuilder(app, *args, **kwargs).get_environ()` would, or None if the request is not plain."""
    target = _PLAIN_TARGET.fullmatch(args[0]) if len(args) == 1 and type(args[0]) is str else None
    if target is None or not kwargs.keys() <= _PLAIN_ARGUMENTS:
        return None
    headers, server = _plain_headers(kwargs.get("headers")), _server(app)
    if headers is None or server is None:
        return None
    sent = _body(app, kwargs.get("json"), kwargs.get("data"))
    if sent is None:
        return None

    body, described = sent
    path, query = target.groups("")
    builder = werkzeug.test.EnvironBuilder
    return {
        **kwargs.get("environ_base", {}),
        "REQUEST_METHOD": kwargs.get("method", "GET"),
        "SCRIPT_NAME": server["SCRIPT_NAME"],
        "PATH_INFO": path,
        "QUERY_STRING": query,
        "REQUEST_URI": target.string,
        "RAW_URI": target.string,
        "SERVER_NAME": server["SERVER_NAME"],
        "SERVER_PORT": server["SERVER_PORT"],
        "HTTP_HOST": server["HTTP_HOST"],
        "SERVER_PROTOCOL": builder.server_protocol,
        "wsgi.version": builder.wsgi_version,
        "wsgi.url_scheme": server["wsgi.url_scheme"],
        "wsgi.input": BytesIO(body),
        "wsgi.errors": sys.stderr,
        "wsgi.multithread": False,
        "wsgi.multiprocess": False,
        "wsgi.run_once": False,
        **described,
        **headers,
    }


def _server(app: Flask) -> WSGIEnvironment | None:
    config = app.config
    parts = (config.get("SERVER_NAME") or "localhost", config["APPLICATION_ROOT"], config["PREFERRED_URL_SCHEME"])
    return _server_from(*parts) if all(type(part) is str for part in parts) else None


@lru_cache(maxsize=32)
def _server_from(host: str, root: str, scheme: str) -> WSGIEnvironment:
    """An environ with what the app's config decides. Callers must not change it."""
    return werkzeug.test.EnvironBuilder(base_url=f"{scheme}://{host}/{root.lstrip('/')}").get_environ()


def _plain_headers(headers: t.Any) -> dict[str, str] | None:
    """Turn a dict of strings into environ keys; None for other types, headers of the body, and names that coincide."""
    if not headers:
        return {} if headers is None or type(headers) is dict else None
    if type(headers) is not dict:
        return None
    found: dict[str, str] = {}
    for name, value in headers.items():
        if type(name) is not str or type(value) is not str or not value.isprintable():
            return None
        found[f"HTTP_{name.upper().replace('-', '_')}"] = value
    about_body = not found.keys().isdisjoint(("HTTP_CONTENT_TYPE", "HTTP_CONTENT_LENGTH"))
    return None if about_body or len(found) < len(headers) else found


def _body(app: Flask, json: t.Any, data: t.Any) -> tuple[bytes, dict[str, str]] | None:
    """Return the body and the environ keys that describe it; None if only the builder can make them."""
    if json is not None:
        if data is not None:
            return None
        text = app.json.dumps(json)
        return _described(text.encode(), "application/json") if text and type(text) is str else None
    if not data:
        return (b"", {}) if data is None else None
    if type(data) is bytes:
        return _described(data, None)
    if type(data) is str:
        return _described(data.encode(), None)
    if type(data) is dict and all(type(name) is str and type(value) is str for name, value in data.items()):
        return _described(urlencode(data, safe=_FORM_SAFE).encode(), "application/x-www-form-urlencoded")
    return None


def _described(body: bytes, content_type: str | None) -> tuple[bytes, dict[str, str]]:
    length = {"CONTENT_LENGTH": str(len(body))}
    return body, length if content_type is None else {"CONTENT_TYPE": content_type, **length}
