"""What libraries shared between Python 2 and 3 took from their `_compat` modules, as it is on Python 3."""

from __future__ import annotations

import typing as t
from collections.abc import Iterator, Mapping
from io import BytesIO as BytesIO, StringIO as StringIO
from os import fspath as fspath
from types import TracebackType

PY2 = False
PYPY = False
text_type = str
string_types = (str,)
integer_types = (int,)
range_type = range
unichr = chr
NativeStringIO = StringIO
imap = map
izip = zip
ifilter = filter
intern = __import__("sys").intern
native_string_result = t.cast(t.Any, lambda function: function)
implements_to_string = t.cast(t.Any, lambda cls: cls)
implements_iterator = t.cast(t.Any, lambda cls: cls)


def iterkeys(d: Mapping[t.Any, t.Any]) -> Iterator[t.Any]:
    """Iterate over a mapping's keys."""
    return iter(d.keys())


def itervalues(d: Mapping[t.Any, t.Any]) -> Iterator[t.Any]:
    """Iterate over a mapping's values."""
    return iter(d.values())


def iteritems(d: Mapping[t.Any, t.Any]) -> Iterator[tuple[t.Any, t.Any]]:
    """Iterate over a mapping's pairs."""
    return iter(d.items())


def reraise(tp: t.Any, value: BaseException, tb: TracebackType | None = None) -> t.NoReturn:
    """Raise an exception with a traceback of its own."""
    raise value if value.__traceback__ is tb else value.with_traceback(tb)


def with_metaclass(meta: type, *bases: type) -> type:
    """Return a base that makes a class with the metaclass and the bases, and that is not among them afterwards."""

    class Standin(type):
        def __new__(mcs, name: str, given: tuple[type, ...], body: dict[str, t.Any]) -> t.Any:
            return meta(name, bases, body)

    return type.__new__(Standin, "temporary_class", (), {})


def to_bytes(x: str | bytes | None, charset: str = "utf-8", errors: str = "strict") -> bytes | None:
    """Encode text; leave bytes and None."""
    return x.encode(charset, errors) if isinstance(x, str) else x


def to_native(x: str | bytes | None, charset: str = "utf-8", errors: str = "strict") -> str | None:
    """Decode bytes; leave text and None."""
    return x.decode(charset, errors) if isinstance(x, bytes) else x


def to_unicode(
    x: t.Any, charset: str | None = "utf-8", errors: str = "strict", allow_none_charset: bool = False
) -> t.Any:
    """Return text: bytes decoded (left as they are, with no charset, if allowed), anything else through `str`."""
    if isinstance(x, bytes):
        return x if charset is None and allow_none_charset else x.decode(charset or "utf-8", errors)
    return x if x is None else str(x)
