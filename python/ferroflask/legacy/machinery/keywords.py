"""Keyword arguments that functions of `flask` had in older releases, and what they are called today. It must not import
`flask`, which imports it.
"""

from __future__ import annotations

import sys
import typing as t
from collections.abc import Mapping
from types import CodeType

from .registry import enabled, is_tolerated


class LegacyKeyword:
    """A keyword argument that has another name today, and the text of the warning."""

    __slots__ = ("advice", "today")

    def __init__(self, today: str, advice: str) -> None:
        self.today = today
        self.advice = advice


def renamed(function: str, old: str, new: str, removed: str) -> LegacyKeyword:
    """Describe a keyword argument of `function` that changed its name; `removed` is the Flask release without it."""
    return LegacyKeyword(new, f"{function}({old}=...) was removed in Flask {removed}. Pass {new!r} instead.")


#: Function, as errors name it -> keyword -> what it is called today.
LEGACY_KEYWORDS: dict[str, dict[str, LegacyKeyword]] = {
    "Flask.__init__": {"static_path": renamed("Flask", "static_path", "static_url_path", "1.0")},
    "send_file": {
        "attachment_filename": renamed("send_file", "attachment_filename", "download_name", "2.2"),
        "cache_timeout": renamed("send_file", "cache_timeout", "max_age", "2.2"),
        "add_etags": renamed("send_file", "add_etags", "etag", "2.2"),
    },
    "send_from_directory": {
        "filename": renamed("send_from_directory", "filename", "path", "2.2"),
        "attachment_filename": renamed("send_from_directory", "attachment_filename", "download_name", "2.2"),
        "cache_timeout": renamed("send_from_directory", "cache_timeout", "max_age", "2.2"),
        "add_etags": renamed("send_from_directory", "add_etags", "etag", "2.2"),
    },
}


def todays_keywords(function: str, given: Mapping[str, t.Any]) -> dict[str, t.Any]:
    """Return a function's former keyword arguments under their names of today, with a DeprecationWarning each.

    `function` is a key of `LEGACY_KEYWORDS`, `given` what its `**legacy` collected. None counts as not given, as it did
    when the names were current. The warning points at the user's line. Raises TypeError, in Python's words, for a name
    that never was, and for every name when former names are switched off or their warnings errors.
    """
    names = LEGACY_KEYWORDS.get(function, {}) if enabled() else {}
    today: dict[str, t.Any] = {}
    for old, value in given.items():
        known = names.get(old)
        if known is None or (value is not None and not is_tolerated(known.advice)):
            raise _unexpected(function, old, sys._getframe(1).f_code)
        if value is not None:
            today[known.today] = value
    return today


def _unexpected(function: str, name: str, caller: CodeType) -> TypeError:
    """Return Python's own error for a keyword argument that a function does not have. Since 3.13 it may suggest one of
    the parameters: those of the caller, if that is the function.
    """
    is_the_function = caller.co_name == function.rpartition(".")[2]
    count = caller.co_argcount + caller.co_kwonlyargcount if is_the_function else 0
    without = eval(f"lambda {', '.join(f'{each}=None' for each in caller.co_varnames[:count])}: None")
    without.__qualname__ = function
    try:
        without(**{name: None})
    except TypeError as error:
        return error.with_traceback(None)
    raise AssertionError(f"{function} has a parameter {name!r}")


def todays_file_arguments(path: t.Any, given: Mapping[str, t.Any]) -> tuple[t.Any, dict[str, t.Any]]:
    """Return `send_from_directory`'s path and keyword arguments under their names of today.

    `path` is None when it was not given under this name. Raises TypeError when it was not given at all, or twice.
    """
    former = LEGACY_KEYWORDS["send_from_directory"] if enabled() else {}
    kwargs = {name: value for name, value in given.items() if name not in former}
    kwargs.update(todays_keywords("send_from_directory", {name: given[name] for name in given if name in former}))
    named = kwargs.pop("path", None) if "filename" in given else None
    if path is None and named is None:
        raise TypeError("send_from_directory() missing 1 required positional argument: 'path'")
    if path is not None and named is not None:
        raise TypeError("send_from_directory() got multiple values for argument 'path'")
    return (named if path is None else path), kwargs
