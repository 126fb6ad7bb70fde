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
    """Return `obj` as JSON text, through `current_app.json` or else `json.dumps`, which get `kwargs`.

    Raises TypeError for a value that neither JSON nor the provider's `default` knows.
    """
    if not current_app:
        return _json.dumps(obj, **{"default": _default, **kwargs})
    return current_app.json.dumps(obj, **kwargs)


def dump(obj: t.Any, fp: t.IO[str], **kwargs: t.Any) -> None:
    """Write `obj` as JSON to the text file `fp`; otherwise like `dumps`."""
    if not current_app:
        _json.dump(obj, fp, **{"default": _default, **kwargs})
        return
    current_app.json.dump(obj, fp, **kwargs)


def loads(s: str | bytes, **kwargs: t.Any) -> t.Any:
    """Return the value that JSON text or UTF-8 bytes stand for, through `current_app.json` or else `json.loads`.

    Raises ValueError (`json.JSONDecodeError` with the default provider) when `s` is not JSON.
    """
    reader = current_app.json.loads if current_app else _json.loads
    return reader(s, **kwargs)


def load(fp: t.IO[t.AnyStr], **kwargs: t.Any) -> t.Any:
    """Read all of the file `fp`, open for text or for UTF-8 bytes, and decode it like `loads`."""
    reader = current_app.json.load if current_app else _json.load
    return reader(fp, **kwargs)


def jsonify(*args: t.Any, **kwargs: t.Any) -> Response:
    """Return a JSON response with one value, with a list of several, with the keywords as an object, or with null.

    Works through `current_app.json.response`. Raises TypeError when both positional and keyword arguments are given,
    RuntimeError when no application is current.
    """
    if (made := _native_jsonify(args, kwargs)) is not None:
        return made
    answer: t.Any = current_app.json.response(*args, **kwargs)
    return t.cast("Response", answer)
