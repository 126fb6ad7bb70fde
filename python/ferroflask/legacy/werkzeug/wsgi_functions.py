"""Functions over WSGI environs that Werkzeug no longer has. PATH_INFO and SCRIPT_NAME hold bytes as latin-1 text."""

from __future__ import annotations

import typing as t
from urllib.parse import quote, urlsplit

from werkzeug.wsgi import LimitedStream

Environ = t.MutableMapping[str, t.Any]


def _decoded(text: str, charset: str | None, errors: str) -> t.Any:
    data = text.encode("latin1")
    return data if charset is None else data.decode(charset, errors)


def get_query_string(environ: Environ) -> str:
    """Return the query as ASCII text."""
    return quote(environ.get("QUERY_STRING", "").encode("latin1"), safe=":&%=+$!*'(),")


def get_path_info(environ: Environ, charset: str = "utf-8", errors: str = "replace") -> t.Any:
    """Return the path, decoded; bytes without a charset."""
    return _decoded(environ.get("PATH_INFO", ""), charset, errors)


def get_script_name(environ: Environ, charset: str = "utf-8", errors: str = "replace") -> t.Any:
    """Return where the application is mounted, decoded; bytes without a charset."""
    return _decoded(environ.get("SCRIPT_NAME", ""), charset, errors)


def peek_path_info(environ: Environ, charset: str = "utf-8", errors: str = "replace") -> t.Any:
    """Return the path's first segment; "" where the path is empty."""
    return _decoded(environ.get("PATH_INFO", "").lstrip("/").partition("/")[0], charset, errors)


def pop_path_info(environ: Environ, charset: str = "utf-8", errors: str = "replace") -> t.Any:
    """Move the path's first segment over to SCRIPT_NAME and return it; None where the path is empty."""
    path = environ.get("PATH_INFO")
    if not path:
        return None
    below = path.lstrip("/")
    # Slashes doubled at the front go along.
    script = environ.get("SCRIPT_NAME", "") + "/" * (len(path) - len(below))
    segment, slash, rest = below.partition("/")
    environ["PATH_INFO"] = slash + rest
    environ["SCRIPT_NAME"] = script + segment
    return _decoded(segment, charset, errors)


def extract_path_info(
    environ_or_baseurl: t.Any,
    path_or_url: str,
    charset: str = "utf-8",
    errors: str = "werkzeug.url_quote",
    collapse_http_schemes: bool = True,
) -> str | None:
    """Return the path of a URL below an application's base URL, None if it is not below it."""
    from werkzeug.urls import uri_to_iri
    from werkzeug.wsgi import get_current_url

    from .urls import url_join

    base = environ_or_baseurl
    if isinstance(base, dict):
        base = get_current_url(base, root_only=True)
    here = urlsplit(uri_to_iri(base))
    there = urlsplit(uri_to_iri(url_join(uri_to_iri(base), path_or_url)))

    schemes = {here.scheme, there.scheme}
    if not schemes <= {"http", "https"} or (len(schemes) > 1 and not collapse_http_schemes):
        return None
    if _place(here) != _place(there):
        return None
    root = here.path.rstrip("/")
    return f"/{there.path[len(root) :].lstrip('/')}" if there.path.startswith(root) else None


def _place(url: t.Any) -> tuple[str | None, int | None]:
    """Return host and port; None is the scheme's own port."""
    port = None if url.port == {"http": 80, "https": 443}[url.scheme] else url.port
    return url.hostname, port


def make_line_iter(
    stream: t.Any, limit: int | None = None, buffer_size: int = 10 * 1024, cap_at_buffer: bool = False
) -> t.Iterator[t.Any]:
    """Yield a stream's lines with their ends; at most `limit` bytes, in pieces of `buffer_size` if capped."""
    for line in _split(stream, limit, buffer_size, None):
        if not cap_at_buffer:
            yield line
            continue
        for start in range(0, len(line), buffer_size):
            yield line[start : start + buffer_size]


def make_chunk_iter(
    stream: t.Any,
    separator: t.Any,
    limit: int | None = None,
    buffer_size: int = 10 * 1024,
    cap_at_buffer: bool = False,
) -> t.Iterator[t.Any]:
    """Yield what stands between separators in a stream, without them."""
    for chunk in _split(stream, limit, buffer_size, separator):
        if not cap_at_buffer:
            yield chunk
            continue
        for start in range(0, len(chunk), buffer_size):
            yield chunk[start : start + buffer_size]


def _split(stream: t.Any, limit: int | None, size: int, separator: t.Any) -> t.Iterator[t.Any]:
    """Cut a stream, or an iterable of pieces, at line ends (None) or at a separator."""
    rest: t.Any = None
    for piece in _pieces(stream, limit, size):
        rest = piece if rest is None else rest + piece
        if separator is None:
            parts = rest.splitlines(True)
            # Half of "\r\n" may be still to come.
            ended = parts[-1][-1:] in ("\n", b"\n") if parts else False
        else:
            mark = separator.encode() if isinstance(separator, str) and isinstance(rest, bytes) else separator
            parts, ended = rest.split(mark), False
        rest = None if ended or not parts else parts.pop()
        yield from parts
    if rest:
        yield from rest.splitlines(True) if separator is None else (rest,)


def _pieces(stream: t.Any, limit: int | None, size: int) -> t.Iterator[t.Any]:
    if not hasattr(stream, "read"):
        yield from (piece for piece in stream if piece)
        return
    source = stream if limit is None or isinstance(stream, LimitedStream) else LimitedStream(stream, limit)
    while piece := source.read(size):
        yield piece
