"""The URL functions of Werkzeug 0.5 to 2.3: text and bytes, any charset, `MultiDict` for queries."""

from __future__ import annotations

import re
import typing as t
from urllib.parse import quote, quote_from_bytes, urljoin

from werkzeug.datastructures import MultiDict, iter_multi_items

from .url_tuples import URL as URL, BaseURL as BaseURL, BytesURL as BytesURL

#: Besides letters, digits and "-._~".
_PUNCTUATION = "$!'()*+,;"
_ESCAPE = re.compile(rb"%([0-9A-Fa-f]{2})")
_SCHEME = re.compile(r"[A-Za-z0-9+.-]+\Z")
_FILE_DRIVE = re.compile(r"file://[^\W\d_](?::/|\|/)")


def _text(value: t.Any, charset: str = "utf-8", errors: str = "strict") -> str:
    return value.decode(charset, errors) if isinstance(value, bytes) else str(value)


def url_parse(url: str | bytes, scheme: str | bytes | None = None, allow_fragments: bool = True) -> t.Any:
    """Split a URL into a `URL` (`BytesURL` for bytes). `scheme` counts when the URL has none."""
    if isinstance(url, bytes):
        # latin-1 there and back leaves every byte what it is.
        known = scheme.decode("latin1") if isinstance(scheme, bytes) else scheme
        return url_parse(url.decode("latin1"), known, allow_fragments).encode("latin1")
    rest, found = url, _text(scheme or "")
    before, colon, behind = url.partition(":")
    # "host:80" has a port there and no scheme.
    if colon and _SCHEME.match(before) and not (behind and behind.isdigit()):
        found, rest = before.lower(), behind
    netloc = ""
    if rest.startswith("//"):
        end = re.search(r"[/?#]|\Z", rest[2:])
        assert end is not None
        netloc, rest = rest[2 : 2 + end.start()], rest[2 + end.start() :]
        if ("[" in netloc) is not ("]" in netloc):
            raise ValueError("Invalid IPv6 URL")
    fragment = ""
    if allow_fragments:
        rest, _, fragment = rest.partition("#")
    path, _, query = rest.partition("?")
    return URL(found, netloc, path, query, fragment)


def url_unparse(components: tuple[t.Any, t.Any, t.Any, t.Any, t.Any]) -> t.Any:
    """Put a URL together from its five parts, all text or all bytes."""
    if any(isinstance(part, bytes) for part in components):
        return url_unparse(t.cast(t.Any, [part.decode("latin1") for part in components])).encode("latin1")
    scheme, netloc, path, query, fragment = components
    url: str = path
    if netloc or (scheme and path.startswith("/")):
        url = f"//{netloc or ''}{'/' if path and not path.startswith('/') else ''}{path}"
    if scheme:
        url = f"{scheme}:{url}"
    for mark, part in (("?", query), ("#", fragment)):
        url = f"{url}{mark}{part}" if part else url
    return url


def url_quote(
    string: t.Any, charset: str = "utf-8", errors: str = "strict", safe: str | bytes = "/:", unsafe: str | bytes = ""
) -> str:
    """Return text or bytes percent-encoded; `safe` characters stay, `unsafe` ones never do."""
    data = string if isinstance(string, bytes | bytearray) else str(string).encode(charset, errors)
    stays = set(_PUNCTUATION + _text(safe)) - set(_text(unsafe))
    return quote_from_bytes(bytes(data), safe="".join(sorted(stays)))


def url_quote_plus(string: t.Any, charset: str = "utf-8", errors: str = "strict", safe: str = "") -> str:
    """Return text or bytes as a form encodes them: a space becomes "+"."""
    return url_quote(string, charset, errors, safe + " ", "+").replace(" ", "+")


def url_unquote(s: str | bytes, charset: str | None = "utf-8", errors: str = "replace", unsafe: str = "") -> t.Any:
    """Return the text with percent-encoding undone; bytes without a charset. `unsafe` characters stay encoded."""
    data = s.encode() if isinstance(s, str) else s
    stays = frozenset(unsafe.encode())

    def decoded(escape: re.Match[bytes]) -> bytes:
        value = int(escape[1], 16)
        return escape[0] if value in stays else bytes((value,))

    plain = _ESCAPE.sub(decoded, data)
    return plain if charset is None else plain.decode(charset, errors)


def url_unquote_plus(s: str | bytes, charset: str | None = "utf-8", errors: str = "replace") -> t.Any:
    """Undo `url_quote_plus`."""
    return url_unquote(s.replace("+", " ") if isinstance(s, str) else s.replace(b"+", b" "), charset, errors)


def url_fix(s: str | bytes, charset: str = "utf-8") -> str:
    """Encode what a browser would encode in a URL that a person has typed."""
    typed = _text(s, charset, "replace").replace("\\", "/")
    if _FILE_DRIVE.match(typed):
        typed = f"file:///{typed[7:]}"
    url = url_parse(typed)
    kept = "/%+$!*'(),"
    path = url_quote(url.path, charset, safe=kept)
    tail = [url_quote_plus(part, charset, safe=f":&={kept}".replace("/", "")) for part in (url.query, url.fragment)]
    return t.cast(str, url_unparse((url.scheme, url.encode_netloc(), path, tail[0], tail[1])))


def url_join(base: t.Any, url: t.Any, allow_fragments: bool = True) -> t.Any:
    """Return where a link leads from a base URL."""
    plain = [url_unparse(part) if isinstance(part, tuple) else part for part in (base, url)]
    return urljoin(plain[0], plain[1], allow_fragments=allow_fragments)


def url_decode(
    s: str | bytes,
    charset: str = "utf-8",
    include_empty: bool = True,
    errors: str = "replace",
    separator: str | bytes = "&",
    cls: t.Any = None,
) -> t.Any:
    """Return a query's pairs as a `MultiDict`, or as `cls`; names without "=" count only if `include_empty`."""
    mark = _text(separator) if isinstance(s, str) else _text(separator).encode()
    return (cls or MultiDict)(_pairs(s.split(mark), charset, include_empty, errors))  # type: ignore[arg-type]


def url_decode_stream(
    stream: t.IO[bytes],
    charset: str = "utf-8",
    include_empty: bool = True,
    errors: str = "replace",
    separator: bytes = b"&",
    cls: t.Any = None,
    limit: int | None = None,
) -> t.Any:
    """Like `url_decode`, of a file's bytes, at most `limit`."""
    return url_decode(stream.read(-1 if limit is None else limit), charset, include_empty, errors, separator, cls)


def _pairs(parts: t.Iterable[t.Any], charset: str, empty: bool, errors: str) -> t.Iterator[tuple[str, str]]:
    for part in parts:
        name, equals, value = part.partition("=" if isinstance(part, str) else b"=")
        if part and (equals or empty):
            yield url_unquote_plus(name, charset, errors), url_unquote_plus(value, charset, errors)


def url_encode(
    obj: t.Any, charset: str = "utf-8", sort: bool = False, key: t.Any = None, separator: str | bytes = "&"
) -> str:
    """Return a mapping's or a list's pairs as a query; pairs with None are left out."""
    return _text(separator).join(_encoded(obj, charset, sort, key))


def url_encode_stream(
    obj: t.Any,
    stream: t.Any = None,
    charset: str = "utf-8",
    sort: bool = False,
    key: t.Any = None,
    separator: str | bytes = "&",
) -> t.Iterator[str] | None:
    """Like `url_encode`, written to a text file; without one, returns the encoded pairs one by one."""
    pairs = _encoded(obj, charset, sort, key)
    if stream is None:
        return pairs
    stream.write(_text(separator).join(pairs))
    return None


def _encoded(obj: t.Any, charset: str, sort: bool, key: t.Any) -> t.Iterator[str]:
    items = iter_multi_items(obj)
    for name, value in sorted(items, key=key) if sort else items:
        if value is not None:
            yield f"{url_quote_plus(name, charset)}={url_quote_plus(value, charset)}"


class Href:
    """Makes URLs below a base: call it with path parts and a dict or keyword arguments for the query."""

    def __init__(self, base: str = "./", charset: str = "utf-8", sort: bool = False, key: t.Any = None) -> None:
        self.base = base or "./"
        self.charset = charset
        self.sort = sort
        self.key = key

    def __getattr__(self, name: str) -> Href:
        if name.startswith("__"):
            raise AttributeError(name)
        base = self.base if self.base.endswith("/") else f"{self.base}/"
        return type(self)(urljoin(base, name), self.charset, self.sort, self.key)

    def __call__(self, *path: t.Any, **query: t.Any) -> str:
        """Return the URL. A trailing underscore in a keyword is dropped, so that `class_` works."""
        pairs: t.Any = query
        if path and isinstance(path[-1], dict):
            if query:
                raise TypeError("keyword arguments and query-dicts can't be combined")
            pairs, path = path[-1], path[:-1]
        else:
            pairs = {name[:-1] if name.endswith("_") else name: value for name, value in query.items()}
        below = "/".join(quote(_text(part, self.charset), safe="/:$'()*+,;") for part in path if part is not None)
        url = self.base
        if below.lstrip("/"):
            url = urljoin(url if url.endswith("/") else f"{url}/", f"./{below.lstrip('/')}")
        return f"{url}?{url_encode(pairs, self.charset, self.sort, self.key)}" if pairs else url
