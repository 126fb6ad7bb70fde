"""Route converters whose regular expression is set per object (the `RegexConverter` of many tutorials). Until Werkzeug
2.2 such an expression was matched against the whole path; today against one segment, unless the class says
`part_isolating = False`. This says it for them where the expression has a slash, which no segment can have.
"""

from __future__ import annotations

import re
import typing as t

from ..machinery.registry import enabled, is_tolerated

if t.TYPE_CHECKING:
    from types import ModuleType

#: Parts of an expression that match anything but a slash: `[^/]`, and an escaped bracket is no end of it.
_NO_SLASH = re.compile(r"\[\^(?:\\.|[^\]\\])*\]")

#: Parts that match a slash and whatever else: only in the former era were these meant to.
_ANYTHING = re.compile(r"(?<!\\)\.|\\[SWD]|\[\^")


def spans_segments(regex: str, anything: bool = False) -> bool:
    """Return whether an expression may match a slash; with `anything`, one that is not written there counts too."""
    if "/" in _NO_SLASH.sub("", regex):
        return True
    if not anything:
        return False
    return _ANYTHING.search(regex) is not None and not any("/" in each for each in _NO_SLASH.findall(regex))


def _may_be_widened(converter: t.Any) -> bool:
    """Return whether nobody has decided for this converter: it is not Werkzeug's own, and its class does not say."""
    if not converter.part_isolating or type(converter).__module__.startswith("werkzeug."):
        return False
    # A class with a `regex` of its own gets the attribute from Werkzeug.
    return not any("part_isolating" in vars(cls) and "regex" not in vars(cls) for cls in type(converter).__mro__[:-2])


def mend(rules: ModuleType) -> None:
    """Have `Rule.get_converter` look at the converters it makes."""
    if not enabled():
        return
    from ..machinery.era import everywhere

    todays, anything = rules.Rule.get_converter, everywhere() is not None

    def get_converter(self: t.Any, variable_name: str, converter_name: str, args: t.Any, kwargs: t.Any) -> t.Any:
        """Make the converter of a variable."""
        made = todays(self, variable_name, converter_name, args, kwargs)
        regex = vars(made).get("regex")
        spans = isinstance(regex, str) and _may_be_widened(made) and spans_segments(regex, anything)
        if spans and is_tolerated(
            f"The converter {converter_name!r} has an expression with a slash. Since Werkzeug 2.2 its class"
            f" {type(made).__name__!r} needs 'part_isolating = False' for that."
        ):
            made.part_isolating = False
        return made

    rules.Rule.get_converter = get_converter
