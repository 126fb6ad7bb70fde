"""The `flask.json` functions: each hands its work to the current application's JSON provider, and to the standard
library when no application is current. This module must not know how a provider writes or reads.
"""

from __future__ import annotations

import json as _json
import typing as t

from ferroflask._core import jsonify as _native_jsonify

from ..globals import current_app
from .provider import _default

if t.TYPE_CHECKING:
    from ..wrappers import Response


def dumps(obj: t.Any, **kwargs: t.Any) -> str:
    """Return a value as JSON text, written by the current application's provider or else by `json.dumps`.

    Args:
        obj: the value. Dates, decimals, UUIDs, dataclasses and objects with `__html__` can be written too.
        kwargs: options for the writer, such as `indent`.

    Raises TypeError for a value that neither JSON nor the provider's `default` knows.
    """
    if not current_app:
        return _json.dumps(obj, **{"default": _default, **kwargs})
    return current_app.json.dumps(obj, **kwargs)


def dump(obj: t.Any, fp: t.IO[str], **kwargs: t.Any) -> None:
    """Write a value as JSON to a file; otherwise like `dumps`.

    Args:
        obj: the value.
        fp: a file that is open for writing text.
        kwargs: options for the writer.
    """
    if not current_app:
        _json.dump(obj, fp, **{"default": _default, **kwargs})
        return
    current_app.json.dump(obj, fp, **kwargs)


def loads(s: str | bytes, **kwargs: t.Any) -> t.Any:
    """Return the value of JSON text, read by the current application's provider or else by `json.loads`.

    Args:
        s: the text, or UTF-8 bytes.
        kwargs: options for the reader.

    Raises ValueError (`json.JSONDecodeError` with the default provider) for what is not JSON.
    """
    reader = current_app.json.loads if current_app else _json.loads
    return reader(s, **kwargs)


def load(fp: t.IO[t.AnyStr], **kwargs: t.Any) -> t.Any:
    """Read all of a file and return the value of its JSON; otherwise like `loads`.

    Args:
        fp: a file that is open for reading text or UTF-8 bytes.
        kwargs: options for the reader.
    """
    reader = current_app.json.load if current_app else _json.load
    return reader(fp, **kwargs)


def jsonify(*args: t.Any, **kwargs: t.Any) -> Response:
    """Return a response with JSON as its body, made by `current_app.json.response`.

        return jsonify(name="Ann", age=42)      # {"age":42,"name":"Ann"}

    A view may also return a dict or a list.

    Args:
        args: one value, or several that become a list; none become null.
        kwargs: the members of an object.

    Raises:
        TypeError: both positional and keyword arguments are given, or a value can't be written as JSON.
        RuntimeError: no application is current.
    """
    if (made := _native_jsonify(args, kwargs)) is not None:
        return made
    answer: t.Any = current_app.json.response(*args, **kwargs)
    return t.cast("Response", answer)
