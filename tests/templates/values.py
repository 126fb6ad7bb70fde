"""Values of every kind that a template may show, test, call or loop over, each made afresh for every rendering.

The odd ones write into `journal` what was done to them, in order: both sides have to do the same.
"""

from __future__ import annotations

import datetime
import decimal
import enum
import fractions
import typing as t
import uuid
from collections import OrderedDict, UserDict, UserString, namedtuple
from collections.abc import Callable, Iterator

from markupsafe import Markup

from .odd_values import (
    AttributeSpy,
    BoolRaises,
    CallSpy,
    CountingIterator,
    DynamicAttributes,
    EqualRaises,
    HtmlObject,
    HtmlRaises,
    ItemOnly,
    LazyText,
    LengthRaises,
    MissingByKey,
    NumberSpy,
    OddBool,
    OddEqual,
    OddHtml,
    OddIterator,
    OddText,
    PassesContext,
    Properties,
    ReprRaises,
    SequenceSpy,
    TextRaises,
)


class LoudMarkup(Markup):
    """A subclass of Markup with another `escape`."""

    @classmethod
    def escape(cls, value: object, /) -> LoudMarkup:
        return cls(f"[{Markup.escape(value)}]")


class PlainText(str):
    """A subclass of str that changes nothing."""


class OtherText(str):
    """A subclass of str whose `__str__` gives another text."""

    def __str__(self) -> str:
        return "<other text>"


class HtmlText(str):
    """A subclass of str with `__html__`."""

    def __html__(self) -> str:
        return f"<i>{self}</i>"


class Colour(str, enum.Enum):
    RED = "<red>"
    BLUE = "blue"


class Level(enum.IntEnum):
    LOW = 1
    HIGH = 3


class Access(enum.Flag):
    READ = 1
    WRITE = 2


class WholeNumber(int):
    """A subclass of int whose text is another."""

    def __str__(self) -> str:
        return "<whole>"


class Fallback(dict[str, t.Any]):
    """A dict that has every key."""

    def __missing__(self, key: str) -> str:
        return f"<no {key}>"


class Shadowed(dict[str, t.Any]):
    """A dict with an attribute and a property beside its keys."""

    kind = "attribute"

    @property
    def colour(self) -> str:
        return "property"


class Slotted:
    __slots__ = ("name", "unset")

    def __init__(self) -> None:
        self.name = "<slot>"

    def __repr__(self) -> str:
        return "Slotted()"


Point = namedtuple("Point", "x y")


def numbers() -> Iterator[int]:
    yield from (1, 2, 3)


def failing_numbers() -> Iterator[int]:
    yield 1
    raise LookupError("no more <numbers>")


def recursive_list() -> list[t.Any]:
    numbers: list[t.Any] = [1]
    numbers.append(numbers)
    return numbers


TEXTS: dict[str, Callable[[], object]] = {
    "empty text": lambda: "",
    "text": lambda: "plain",
    "text to escape": lambda: "<a href=\"x\">'&'</a>",
    "non-Latin text": lambda: "Größe ÿ — 日本 🐍",
    "control characters": lambda: "a\x00b\x7f\r\n\u2028",
    "lone surrogate": lambda: "a\ud800<",
    "long text": lambda: "word & " * 30,
    "format text": lambda: "%s %% {0} %(name)s",
    "Markup": lambda: Markup("<b>bold</b>"),
    "Markup subclass": lambda: LoudMarkup("<b>loud</b>"),
    "str subclass": lambda: PlainText("<plain>"),
    "str subclass with another text": lambda: OtherText("<inner>"),
    "str subclass with __html__": lambda: HtmlText("html"),
    "UserString": lambda: UserString("<user>"),
    "lazy text": lambda: LazyText("<lazy>"),
    "str enum": lambda: Colour.RED,
    "bytes": lambda: b"<bytes>",
}

NUMBERS: dict[str, Callable[[], object]] = {
    "None": lambda: None,
    "True": lambda: True,
    "False": lambda: False,
    "zero": lambda: 0,
    "one": lambda: 1,
    "negative": lambda: -7,
    "huge int": lambda: 10**30 + 1,
    "int of too many digits": lambda: 1 << 16000,
    "int subclass": lambda: WholeNumber(5),
    "IntEnum": lambda: Level.HIGH,
    "Flag": lambda: Access.READ | Access.WRITE,
    "float": lambda: 2.5,
    "1e16": lambda: 1e16,
    "tiny float": lambda: 5e-324,
    "minus zero": lambda: -0.0,
    "nan": lambda: float("nan"),
    "inf": lambda: float("inf"),
    "complex": lambda: 1 + 2j,
    "Decimal": lambda: decimal.Decimal("10.50"),
    "Fraction": lambda: fractions.Fraction(7, 3),
    "NotImplemented": lambda: NotImplemented,
    "Ellipsis": lambda: ...,
}

COLLECTIONS: dict[str, Callable[[], object]] = {
    "empty list": list,
    "list": lambda: [3, "<1>", None, 2.0],
    "list of lists": lambda: [[1, 2], [3, 4]],
    "list of dicts": lambda: [{"name": "b", "n": 2}, {"name": "a", "n": 1}, {"name": "a"}],
    "tuple": lambda: (1, "<t>"),
    "tuple of one": lambda: ("%s",),
    "namedtuple": lambda: Point(1, "<y>"),
    "set": lambda: {"one"},
    "range": lambda: range(2, 9, 3),
    "recursive list": recursive_list,
    "empty dict": dict,
    "dict": lambda: {"name": "<n>", "n": 1, 2: "two", "in": "keyword"},
    "dict with keys of methods": lambda: {"items": "<items>", "keys": [1], "values": {"get": 5}, "update": None},
    "OrderedDict": lambda: OrderedDict([("b", 1), ("a", [1, 2])]),
    "UserDict": lambda: UserDict({"name": "<user>", "items": 1}),
    "dict with every key": lambda: Fallback(name="<f>"),
    "dict with attributes": lambda: Shadowed(kind="key", colour="key", other="key"),
    "keys view": lambda: {"a": 1, "b": 2}.keys(),
    "generator": numbers,
    "failing generator": failing_numbers,
    "iterator": lambda: iter(["<a>", "b"]),
    "counting iterator": lambda: CountingIterator(3),
    "odd iterator": OddIterator,
    "zip": lambda: zip("ab", [1, 2], strict=True),
}

OBJECTS: dict[str, Callable[[], object]] = {
    "date": lambda: datetime.date(2024, 2, 29),
    "datetime": lambda: datetime.datetime(2024, 2, 29, 23, 59, tzinfo=datetime.timezone.utc),
    "timedelta": lambda: datetime.timedelta(days=2, seconds=5),
    "UUID": lambda: uuid.UUID(int=7),
    "object with __html__": HtmlObject,
    "__html__ that gives no text": OddHtml,
    "__html__ that raises": HtmlRaises,
    "__str__ that gives Markup": lambda: OddText(Markup("<b>text</b>")),
    "__str__ that gives no text": lambda: OddText(3),
    "__str__ that raises": TextRaises,
    "__repr__ that raises": ReprRaises,
    "__getattr__": DynamicAttributes,
    "__getitem__ alone": ItemOnly,
    "__getattribute__ that writes": AttributeSpy,
    "properties that raise": Properties,
    "slots": Slotted,
    "KeyError by key": MissingByKey,
    "sequence that writes": SequenceSpy,
    "number that writes": NumberSpy,
    "callable that writes": CallSpy,
    "callable with context": PassesContext,
    "__bool__ that raises": BoolRaises,
    "__bool__ that gives no bool": OddBool,
    "__eq__ that raises": EqualRaises,
    "__eq__ that gives a text": OddEqual,
    "__len__ that raises": LengthRaises,
    "class": lambda: Slotted,
    "function": lambda: numbers,
    "method": lambda: "a-b".split,
    "module": lambda: decimal,
    "exception": lambda: ValueError("<wrong>"),
}

VALUES: dict[str, Callable[[], object]] = TEXTS | NUMBERS | COLLECTIONS | OBJECTS
