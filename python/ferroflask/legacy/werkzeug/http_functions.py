"""Functions over HTTP headers that Werkzeug no longer has."""

from __future__ import annotations

import typing as t

from werkzeug.datastructures import Authorization, WWWAuthenticate
from werkzeug.http import http_date

from ..machinery.registry import enabled, is_tolerated

if t.TYPE_CHECKING:
    from datetime import datetime


def parse_authorization_header(value: str | bytes | None) -> Authorization | None:
    """Return an Authorization header's content, or None where it makes no sense."""
    return Authorization.from_header(value.decode("latin1") if isinstance(value, bytes) else value)


def parse_www_authenticate_header(value: str | None, on_update: t.Any = None) -> WWWAuthenticate:
    """Return a WWW-Authenticate header's content; an empty basic one where there is none."""
    return WWWAuthenticate.from_header(value) or WWWAuthenticate("basic")


def cookie_date(expires: datetime | float | t.Any = None) -> str:
    """Return a moment, or a Unix time in seconds, as cookies have it; now by default."""
    return http_date(expires)


def cookie_text(value: object) -> str | None:
    """Return a cookie's value that was given as bytes as the text of the same cookie, with a warning; None for another
    that is no text, and where former ways are switched off or their warnings errors.
    """
    if not isinstance(value, bytes) or not enabled():
        return None
    said = is_tolerated("Cookie values can't be bytes since Werkzeug 3.0. Decode the value first.")
    return value.decode() if said else None


def wsgi_to_bytes(data: str | bytes) -> bytes:
    """Return WSGI's latin-1 text as bytes."""
    return data if isinstance(data, bytes) else data.encode("latin1")


def bytes_to_wsgi(data: bytes) -> str:
    """Return bytes as WSGI's latin-1 text."""
    return data.decode("latin1")
