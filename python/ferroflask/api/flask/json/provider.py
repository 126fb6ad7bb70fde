"""JSON providers: how one application writes and reads JSON, and how it makes a response of it. The default provider
calls the core's writer and reader first and takes the standard library for whatever they decline. A provider holds its
application weakly; it must not know about requests, contexts or sessions.
"""

from __future__ import annotations

import dataclasses
import decimal
import json
import typing as t
import uuid
import weakref
from datetime import date

from werkzeug.http import http_date

from ferroflask._core import json_dumps as _native_dumps, json_loads as _native_loads, json_response

if t.TYPE_CHECKING:
    from werkzeug.sansio.response import Response

    from ..sansio.app import App

_TIGHT = (",", ":")


class JSONProvider:
    """How an application writes and reads JSON. Subclass it to use another library than the standard one.

    A subclass gives at least `dumps` and `loads`; the rest is built on those two. An application takes its provider
    from `json_provider_class`, or from an instance assigned to `app.json`.

    Args:
        app: the application, of which a weak proxy is in `_app`.
    """

    def __init__(self, app: App) -> None:
        self._app: App = weakref.proxy(app)

    def loads(self, s: str | bytes, **kwargs: t.Any) -> t.Any:
        """Return the value of JSON text. Override it.

        Args:
            s: the text, or UTF-8 bytes.
            kwargs: the JSON library's own options.
        """
        raise NotImplementedError

    def dumps(self, obj: t.Any, **kwargs: t.Any) -> str:
        """Return a value as JSON text. Override it.

        Args:
            obj: the value.
            kwargs: the JSON library's own options.
        """
        raise NotImplementedError

    def dump(self, obj: t.Any, fp: t.IO[str], **kwargs: t.Any) -> None:
        """Write what `dumps` returns to a file.

        Args:
            obj: the value.
            fp: a file that is open for writing text.
            kwargs: the options of `dumps`.
        """
        text = self.dumps(obj, **kwargs)
        fp.write(text)

    def load(self, fp: t.IO[t.AnyStr], **kwargs: t.Any) -> t.Any:
        """Return the value of the JSON in a file, from its position to its end.

        Args:
            fp: a file that is open for reading text or UTF-8 bytes.
            kwargs: the options of `loads`.
        """
        content = fp.read()
        return self.loads(content, **kwargs)

    def response(self, *args: t.Any, **kwargs: t.Any) -> Response:
        """Return a response of the application's class with JSON as its body.

        Args:
            args: one value, or several that become a list; none become null.
            kwargs: the members of an object.

        Raises:
            TypeError: both positional and keyword arguments are given.
        """
        body = self.dumps(self._prepare_response_obj(args, kwargs))
        return self._app.response_class(body, mimetype="application/json")

    def _prepare_response_obj(self, args: tuple[t.Any, ...], kwargs: dict[str, t.Any]) -> t.Any:
        """Choose the one value that the arguments of `response` stand for."""
        if kwargs:
            if args:
                raise TypeError("app.json.response() takes either args or kwargs, not both")
            return kwargs
        if len(args) > 1:
            return args
        return args[0] if args else None


def _default(o: t.Any) -> t.Any:
    """Turn a value unknown to JSON into a known one: dates, decimals, UUIDs, dataclasses, objects with `__html__`."""
    if isinstance(o, date):
        return http_date(o)
    if isinstance(o, (uuid.UUID, decimal.Decimal)):
        return str(o)
    if dataclasses.is_dataclass(o):
        # A dataclass type, not an instance, gets asdict's own TypeError.
        return dataclasses.asdict(t.cast(t.Any, o))
    if not hasattr(o, "__html__"):
        raise TypeError(f"Object of type {type(o).__name__} is not JSON serializable")
    return str(o.__html__())


def _native_layout(options: dict[str, t.Any]) -> tuple[bool, int | None] | None:
    """Express `json.dumps` options as the core's (compact, indent in spaces); None when only the library knows them."""
    if not options:
        return False, None
    if len(options) > 1:
        return None
    if options.get("separators") == _TIGHT:
        return True, None
    indent = options.get("indent")
    return (False, indent) if type(indent) is int and indent > 0 else None


class DefaultJSONProvider(JSONProvider):
    """JSON as the standard library writes and reads it, with `default` for the types that JSON lacks.

    Dates become HTTP dates, decimals and UUIDs text, dataclasses objects, and anything with `__html__` its HTML.

    Args:
        app: the application.
    """

    #: The media type that `response` sets.
    mimetype = "application/json"

    #: Whether `response` writes without spaces and line ends; None: unless the application is in debug mode.
    compact: bool | None = None

    #: Whether object keys are sorted; then all keys of one object must be of comparable types.
    sort_keys = True

    #: Whether characters outside ASCII are written as escapes.
    ensure_ascii = True

    #: Called with each value the writer does not know; returns one it knows, or raises TypeError.
    default: t.Callable[[t.Any], t.Any] = staticmethod(_default)

    def dumps(self, obj: t.Any, **kwargs: t.Any) -> str:
        """Return a value as JSON text.

        Args:
            obj: the value.
            kwargs: options of `json.dumps`; they go before this provider's attributes.

        Raises TypeError for a value that `default` does not know.
        """
        if self.default is _default and (layout := _native_layout(kwargs)) is not None:
            text: t.Any = _native_dumps(obj, bool(self.ensure_ascii), bool(self.sort_keys), *layout)
            if text is not NotImplemented:
                return t.cast(str, text)
        own = {"default": self.default, "ensure_ascii": self.ensure_ascii, "sort_keys": self.sort_keys}
        return json.dumps(obj, **{**own, **kwargs})

    def loads(self, s: str | bytes, **kwargs: t.Any) -> t.Any:
        """Return the value of JSON text.

        Args:
            s: the text, or UTF-8 bytes.
            kwargs: options of `json.loads`.

        Raises `json.JSONDecodeError` for what is not JSON.
        """
        if not kwargs and (value := _native_loads(s)) is not NotImplemented:
            return value
        return json.loads(s, **kwargs)

    def response(self, *args: t.Any, **kwargs: t.Any) -> Response:
        """Return a response with JSON and a line end as its body, in the layout that `compact` names.

        Args:
            args: one value, or several that become a list; none become null.
            kwargs: the members of an object.

        Raises:
            TypeError: both positional and keyword arguments are given.
        """
        if (made := json_response(self, args, kwargs)) is not None:
            return made
        value = self._prepare_response_obj(args, kwargs)
        spread = self._app.debug if self.compact is None else self.compact is False
        text = self.dumps(value, indent=2) if spread else self.dumps(value, separators=_TIGHT)
        return self._app.response_class(text + "\n", mimetype=self.mimetype)
