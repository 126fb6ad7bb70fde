"""What `url_parse` of Werkzeug 0.9 to 2.3 returned: a tuple of five with the parts of the host beside it."""

from __future__ import annotations

import typing as t
from contextlib import suppress
from urllib.parse import unquote_to_bytes

if t.TYPE_CHECKING:
    from werkzeug.datastructures import MultiDict


class _Parts(t.NamedTuple):
    scheme: t.Any
    netloc: t.Any
    path: t.Any
    query: t.Any
    fragment: t.Any


class BaseURL(_Parts):
    """A URL in five parts. `replace` returns a changed one, `join` follows a link, `str` puts it together."""

    __slots__ = ()

    def __str__(self) -> str:
        return str(self.to_url())

    def to_url(self) -> t.Any:
        """Return the URL as one piece."""
        from .urls import url_unparse

        return url_unparse(self)

    def replace(self, **kwargs: t.Any) -> t.Any:
        """Return the URL with some parts replaced."""
        return self._replace(**kwargs)

    def join(self, *args: t.Any, **kwargs: t.Any) -> t.Any:
        """Return where a link leads from here."""
        from .urls import url_join, url_parse

        return url_parse(url_join(self, *args, **kwargs))

    def decode_query(self, *args: t.Any, **kwargs: t.Any) -> MultiDict[str, str]:
        """Return the query's pairs; the arguments are `url_decode`'s."""
        from .urls import url_decode

        return t.cast("MultiDict[str, str]", url_decode(self.query, *args, **kwargs))

    def _authority(self) -> tuple[str | None, str | None, str | None]:
        """Return user information, host and port of the netloc, as text."""
        netloc = self.netloc.decode("utf-8", "replace") if isinstance(self.netloc, bytes) else self.netloc
        user, at, place = netloc.partition("@") if "@" in netloc else ("", "", netloc)
        if place.startswith("["):
            host, _, behind = place[1:].partition("]")
            port = behind.removeprefix(":")
        else:
            host, _, port = place.partition(":")
        return (user if at else None), (host if place else None), port or None

    @property
    def host(self) -> str | None:
        """The host without port or brackets, or None."""
        return self._authority()[1]

    @property
    def ascii_host(self) -> str | None:
        """The host as it goes over the wire."""
        host = self.host
        if host is None or host.isascii():
            return host
        try:
            return host.encode("idna").decode("ascii")
        except UnicodeError:
            return host

    @property
    def port(self) -> int | None:
        """The port, None where there is none or none that is possible."""
        port = self._authority()[2]
        number = int(port) if port is not None and port.isdecimal() else -1
        return number if 0 <= number <= 65535 else None

    @property
    def auth(self) -> str | None:
        """User name and password as they stand there."""
        return self._authority()[0]

    @property
    def raw_username(self) -> str | None:
        """The user name as it stands there."""
        return self.auth.partition(":")[0] if self.auth else None

    @property
    def raw_password(self) -> str | None:
        """The password as it stands there."""
        _, colon, password = (self.auth or "").partition(":")
        return password if colon else None

    @property
    def username(self) -> str | None:
        """The user name, decoded."""
        return _decoded(self.raw_username)

    @property
    def password(self) -> str | None:
        """The password, decoded."""
        return _decoded(self.raw_password)

    def _netloc_of(self, host: str) -> str:
        place = f"[{host}]" if ":" in host else host
        if self.port is not None:
            place = f"{place}:{self.port}"
        return f"{self.auth}@{place}" if self.auth else place

    def encode_netloc(self) -> t.Any:
        """Return the netloc with an ASCII host and encoded user information."""
        from .urls import url_quote

        host = self.ascii_host or ""
        place = f"[{host}]" if ":" in host else host
        if self.port is not None:
            place = f"{place}:{self.port}"
        known = [_decoded(part) for part in (self.raw_username, self.raw_password)]
        auth = ":".join(url_quote(part, "utf-8", "strict", "/:%") for part in known if part)
        return f"{auth}@{place}" if auth else place

    def decode_netloc(self) -> str:
        """Return the netloc with the host as people write it."""
        host = self.host or ""
        if host.isascii():
            with suppress(UnicodeError):
                host = host.encode("ascii").decode("idna")
        return self._netloc_of(host)


def _decoded(text: str | None) -> str | None:
    return None if text is None else unquote_to_bytes(text).decode("utf-8", "replace")


class URL(BaseURL):
    """A URL of text."""

    __slots__ = ()

    def encode(self, charset: str = "utf-8", errors: str = "replace") -> BytesURL:
        """Return it as bytes."""
        return BytesURL(*(part.encode(charset, errors) for part in self))


class BytesURL(BaseURL):
    """A URL of bytes."""

    __slots__ = ()

    def __str__(self) -> str:
        return t.cast(bytes, self.to_url()).decode("utf-8", "replace")

    def encode_netloc(self) -> bytes:
        """Return the netloc as bytes."""
        return t.cast(str, super().encode_netloc()).encode("ascii", "replace")

    def decode(self, charset: str = "utf-8", errors: str = "replace") -> URL:
        """Return it as text."""
        return URL(*(part.decode(charset, errors) for part in self))
