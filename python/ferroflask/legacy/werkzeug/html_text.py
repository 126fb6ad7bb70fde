"""The small text helpers of `werkzeug.utils` that are gone: HTML builders, entities, templates, encodings."""

from __future__ import annotations

import html as html_entities
import json
import re
import typing as t

from markupsafe import escape

_VOID = "area base basefont br col command embed frame hr img input keygen isindex link meta param source wbr"
_FLAGS = "selected checked compact declare defer disabled ismap multiple nohref noresize noshade nowrap"
_PLACEHOLDER = re.compile(r"\$(?:(?P<bare>[a-zA-Z_]\w*)|\{(?P<braced>[a-zA-Z_]\w*)\})")


def unescape(s: str) -> str:
    """Return text with its HTML entities undone."""
    return html_entities.unescape(str(s))


class HTMLBuilder:
    """Makes elements: `html.p("text", class_="x")`. Calling it escapes; keyword names may end in an underscore."""

    def __init__(self, dialect: str) -> None:
        self._dialect = dialect

    def __call__(self, s: t.Any) -> str:
        return str(escape(s))

    def __repr__(self) -> str:
        return f"<{type(self).__name__} for {self._dialect!r}>"

    def __getattr__(self, tag: str) -> t.Callable[..., str]:
        if tag.startswith("__"):
            raise AttributeError(tag)
        name = tag.removesuffix("_")

        def element(*children: t.Any, **attributes: t.Any) -> str:
            start = (
                f"<{name}{''.join(self._attribute(each.removesuffix('_'), attributes[each]) for each in attributes)}"
            )
            if not children and name in _VOID.split():
                return start + (" />" if self._dialect == "xhtml" else ">")
            content = "".join(str(child) for child in children if child is not None)
            if content and name == "script" and self._dialect == "xhtml":
                content = f"/*<![CDATA[*/{content}/*]]>*/"
            return f"{start}>{content}</{name}>"

        return element

    def _attribute(self, name: str, value: t.Any) -> str:
        if value is None or (name in _FLAGS.split() and not value):
            return ""
        if name in _FLAGS.split():
            return f' {name}="{name}"' if self._dialect == "xhtml" else f" {name}"
        return f' {name}="{escape(value)}"'


html = HTMLBuilder("html")
xhtml = HTMLBuilder("xhtml")


def format_string(string: str, context: t.Mapping[str, t.Any]) -> str:
    """Replace `$name` and `${name}` by values."""

    def value(match: re.Match[str]) -> str:
        found = context[match["bare"] or match["braced"]]
        return found if isinstance(found, str) else type(string)(found)

    return _PLACEHOLDER.sub(value, string)


def detect_utf_encoding(data: bytes) -> str:
    """Return which UTF encoding JSON bytes are in."""
    return json.detect_encoding(data)


def invalidate_cached_property(obj: object, name: str) -> None:
    """Have a cached property worked out again."""
    delattr(obj, name)
