"""The text of a route as Werkzeug took it apart until 2.2, for extensions that describe routes in other languages."""

from __future__ import annotations

import re
import typing as t

#: `<variable>`, `<converter:variable>`, `<converter(arguments):variable>`.
_VARIABLE = re.compile(
    r"<(?:(?P<converter>[A-Za-z_]\w*)(?:\((?P<arguments>.*?)\))?:)?(?P<variable>[A-Za-z_]\w*)>", re.ASCII
)


def parse_rule(rule: str) -> t.Iterator[tuple[str | None, str | None, str]]:
    """Yield the parts of a route: (converter, arguments or None, variable), or (None, None, text) for what stays.

    The converter of a plain `<variable>` is "default". Raises ValueError for a variable that is named twice and for
    angle brackets that make no variable.
    """
    end, seen = 0, set()
    for found in _VARIABLE.finditer(rule):
        yield from _plain(rule, end, found.start())
        name = found["variable"]
        if name in seen:
            raise ValueError(f"variable name {name!r} used twice.")
        seen.add(name)
        yield found["converter"] or "default", found["arguments"] or None, name
        end = found.end()
    yield from _plain(rule, end, len(rule))


def _plain(rule: str, start: int, end: int) -> t.Iterator[tuple[None, None, str]]:
    text = rule[start:end]
    if "<" in text or ">" in text:
        raise ValueError(f"malformed url rule: {rule!r}")
    if text:
        yield None, None, text
