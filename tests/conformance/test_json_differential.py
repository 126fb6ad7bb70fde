"""The native JSON writer and reader beside Python's ``json``: same text, same value, or a clean ``NotImplemented``.

Knows the two functions of the extension module and nothing of apps or requests.
"""

from __future__ import annotations

import collections
import dataclasses
import datetime as dt
import decimal
import enum
import json
import math
import struct
import sys
import types
import typing as t
import uuid

import pytest
from flask.json.provider import DefaultJSONProvider
from hypothesis import given, settings, strategies as st
from markupsafe import Markup

from ferroflask import _core

flask_default = DefaultJSONProvider.default

STYLES: list[dict[str, t.Any]] = [
    {"ensure_ascii": True, "sort_keys": True, "compact": True, "indent": None},
    {"ensure_ascii": True, "sort_keys": True, "compact": False, "indent": None},
    {"ensure_ascii": True, "sort_keys": True, "compact": False, "indent": 2},
    {"ensure_ascii": False, "sort_keys": False, "compact": True, "indent": None},
    {"ensure_ascii": False, "sort_keys": False, "compact": False, "indent": 2},
    {"ensure_ascii": False, "sort_keys": True, "compact": True, "indent": 0},
]


def python_dumps(obj: t.Any, style: dict[str, t.Any]) -> str:
    options = {name: value for name, value in style.items() if name != "compact"}
    separators = (",", ":") if style["compact"] else None
    return json.dumps(obj, separators=separators, default=flask_default, **options)


def check_dumps(obj: t.Any, *, served: bool | None = None) -> None:
    """``served``: True demands a native text, False demands a refusal, None takes either."""
    for style in STYLES:
        ours = _core.json_dumps(obj, **style)
        if ours is NotImplemented:
            assert served is not True, style
            continue
        assert served is not False, style
        assert type(ours) is str
        assert ours == python_dumps(obj, style), style


def same(left: t.Any, right: t.Any) -> bool:
    """Equal in type, order and, for floats, in every bit."""
    if type(left) is not type(right):
        return False
    if isinstance(left, float):
        return struct.pack("d", left) == struct.pack("d", right) or (math.isnan(left) and math.isnan(right))
    if isinstance(left, list):
        return len(left) == len(right) and all(map(same, left, right))
    if isinstance(left, dict):
        return list(left) == list(right) and all(same(left[key], right[key]) for key in left)
    return bool(left == right)


def check_loads(text: str | bytes, *, served: bool | None = None) -> None:
    ours = _core.json_loads(text)
    try:
        theirs = json.loads(text)
    except (ValueError, RecursionError):
        assert ours is NotImplemented
        return
    if ours is NotImplemented:
        assert served is not True
        return
    assert served is not False
    assert same(ours, theirs)


plain_text = st.text(st.characters(exclude_categories=["Cs"]))
scalars = st.none() | st.booleans() | st.integers() | st.floats() | plain_text


def trees(leaves: st.SearchStrategy[t.Any]) -> st.SearchStrategy[t.Any]:
    return st.recursive(
        leaves,
        lambda inner: (
            st.lists(inner, max_size=5)
            | st.lists(inner, max_size=5).map(tuple)
            | st.dictionaries(plain_text, inner, max_size=5)
        ),
        max_leaves=25,
    )


plain = trees(scalars)
# Longer ones are left to Python.
native_integers = st.integers(-(2**63), 2**63 - 1)
moments = st.datetimes() | st.dates() | st.datetimes(timezones=st.timezones() | st.just(dt.timezone.utc))
rich_scalars = scalars | moments | st.uuids() | st.decimals() | plain_text.map(Markup)
any_key = st.none() | st.booleans() | st.integers() | st.floats() | plain_text
rich = st.recursive(
    rich_scalars,
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(any_key, inner, max_size=4)
        | st.dictionaries(plain_text, inner, max_size=4).map(collections.OrderedDict)
    ),
    max_leaves=15,
)


@given(plain)
def test_plain_values_are_served(obj: t.Any) -> None:
    check_dumps(obj, served=True)


@given(rich)
def test_rich_values_are_served_right_or_not_at_all(obj: t.Any) -> None:
    expected: str | None
    for style in STYLES:
        try:
            expected = python_dumps(obj, style)
        except TypeError:  # keys that don't compare
            expected = None
        ours = _core.json_dumps(obj, **style)
        if ours is not NotImplemented:
            assert ours == expected


@given(st.floats())
@settings(max_examples=500)
def test_floats(number: float) -> None:
    assert _core.json_dumps(number, True, True, True) == json.dumps(number)


def test_floats_at_the_edges_of_binades_and_decades() -> None:
    powers = [math.ldexp(1.0, exponent) for exponent in range(-1074, 1024)]
    decades = [float(f"{digits}e{exponent}") for digits in ("1", "1.5", "9.999") for exponent in range(-320, 308)]
    for number in powers + decades:
        for near in (number, math.nextafter(number, math.inf), math.nextafter(number, -math.inf)):
            assert _core.json_dumps(near, True, True, True) == json.dumps(near)


class Colour(enum.IntEnum):
    RED = 3


class Word(str, enum.Enum):
    HELLO = "héllo"


class Loud(str):
    def __str__(self) -> str:
        return self.upper()


class Odd(int):
    def __repr__(self) -> str:
        return "odd"


class Half(float):
    def __repr__(self) -> str:
        return "half"


class Point(t.NamedTuple):
    x: int
    y: list[int]


@dataclasses.dataclass
class Card:
    name: str
    when: dt.date
    tags: list[str] = dataclasses.field(default_factory=list)


class Html:
    def __html__(self) -> str:
        return "<b>&</b>"


MOMENT = dt.datetime(2024, 2, 29, 23, 59, 1, 999)
FIVE_AHEAD = dt.timezone(dt.timedelta(hours=5))


@pytest.mark.parametrize(
    "obj",
    [
        Word.HELLO,
        Colour.RED,
        Loud("a"),
        Odd(7),
        Odd(10**30),
        Half(0.5),
        {"b": 1, "a": {"z": [], "y": {}, "x": ()}},
        {True: 1},
        {None: 1},
        {1.5: 1},
        {float("nan"): 1},
        {10: "a", 9: "b", -1: "c"},
        {"é": 1, "z": 2, "😀": 3, "\uffff": 4},
        {Loud("k"): 1},
        MOMENT,
        MOMENT.replace(tzinfo=dt.timezone.utc),
        MOMENT.replace(tzinfo=FIVE_AHEAD),
        dt.date(1, 1, 1),
        decimal.Decimal("1.50"),
        decimal.Decimal("NaN"),
        uuid.UUID(int=5),
        Card("é", dt.date(2020, 1, 2), ["x"]),
        [Html(), {"k": Html()}],
        Markup("<i>"),
        10**400,
        [[[[]]], {}, [{}], ""],
    ],
    ids=repr,
)
def test_served(obj: t.Any) -> None:
    check_dumps(obj, served=True)


class Sly(dict):  # type: ignore[type-arg]
    def items(self) -> t.Any:
        return [("b", 1), ("a", 2)]


@pytest.mark.parametrize(
    "obj",
    [
        Point(1, [2]),
        collections.OrderedDict(b=1, a=2),
        collections.defaultdict(int, b=1),
        collections.Counter("hello"),
        Sly(x=1),
        type("L", (list,), {})([1, 2]),
    ],
    ids=repr,
)
def test_container_subclasses_are_served_on_one_line(obj: t.Any) -> None:
    check_dumps(obj)
    assert _core.json_dumps(obj, True, True, True) is not NotImplemented


@pytest.mark.parametrize(
    "obj",
    [
        object(),
        {1, 2},
        b"bytes",
        1j,
        {(1, 2): 3},
        "\ud800",
        {"\udfff": 1},
        Card,
        types.SimpleNamespace(),
        range(3),
    ],
    ids=ascii,
)
def test_left_to_python(obj: t.Any) -> None:
    check_dumps(obj, served=False)


def test_keys_that_do_not_compare_are_left_to_python() -> None:
    assert _core.json_dumps({1: 1, "a": 2}, True, True, True) is NotImplemented
    assert _core.json_dumps({1: 1, "a": 2}, True, False, True) == '{"1":1,"a":2}'
    assert _core.json_dumps({Loud("b"): 1, "a": 2}, True, True, True) is NotImplemented


def test_circular_and_deep_values_are_left_to_python() -> None:
    circle: list[t.Any] = [1]
    circle.append({"again": circle})
    check_dumps(circle, served=False)
    deep: list[t.Any] = []
    for _ in range(100_000):
        deep = [deep]
    assert _core.json_dumps(deep, True, True, True) is NotImplemented
    while deep:  # taken apart by hand: freeing the nest in one go may recurse as deep as it is
        deep = deep.pop()


def test_default_is_called_like_python_does() -> None:
    def listed(obj: t.Any) -> t.Any:
        return sorted(obj)

    assert _core.json_dumps({"k": {2, 1}}, True, True, True, None, listed) == '{"k":[1,2]}'
    assert _core.json_dumps(object(), True, True, True, None, listed) is NotImplemented
    assert _core.json_dumps(object(), True, True, True, None, lambda obj: obj) is NotImplemented


def test_interrupts_are_not_swallowed() -> None:
    def stop(obj: t.Any) -> t.Any:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        _core.json_dumps(object(), True, True, True, None, stop)


def test_default_that_changes_the_dict() -> None:
    data: dict[str, t.Any] = {"a": 1}

    def grow(obj: t.Any) -> t.Any:
        data.update({str(number): number for number in range(100)})
        return "grown"

    data["b"] = object()
    assert _core.json_dumps(data, True, True, True, None, grow) == '{"a":1,"b":"grown"}'


@given(
    trees(st.none() | st.booleans() | native_integers | st.floats() | plain_text),
    st.sampled_from([None, 1, "\t"]),
    st.booleans(),
)
def test_reads_what_python_writes(obj: t.Any, indent: t.Any, ensure_ascii: bool) -> None:
    text = json.dumps(obj, indent=indent, ensure_ascii=ensure_ascii)
    check_loads(text, served=True)
    check_loads(text.encode(), served=True)


fragments = ['"', "\\", "u", "d83d", "\\u00e9", "\\ud83d\\ude00", "{", "}", "[", "]", ",", ":", "-", ".", "e", "E", "+"]
fragments += ["0", "1", "25", "true", "false", "null", "NaN", "Infinity", " ", "\n", "\t", '"k"', "é", "\x7f", "\x00"]


@given(st.lists(st.sampled_from(fragments), max_size=12).map("".join))
@settings(max_examples=1500)
def test_refuses_or_agrees_on_token_soup(text: str) -> None:
    check_loads(text)
    check_loads(text.encode())


@given(st.from_regex(r"-?(0|[1-9][0-9]{0,25})(\.[0-9]{1,25})?([eE][+-]?[0-9]{1,4})?", fullmatch=True))
@settings(max_examples=1500)
def test_numbers(text: str) -> None:
    served = not text.lstrip("-").isdigit() or -(2**63) <= int(text) < 2**63
    check_loads(text, served=served)
    check_loads(f"[{text}, {text}]", served=served)


@given(st.binary(max_size=20))
def test_arbitrary_bytes(data: bytes) -> None:
    check_loads(data)


@pytest.mark.parametrize(
    ("text", "served"),
    [
        ('{"a": 1, "b": 2, "a": [3]}', True),
        ("9223372036854775807", True),
        ("-9223372036854775808", True),
        ("9223372036854775808", False),
        ("-9223372036854775809", False),
        ("1" * 4000, False),
        ("1e99999999999999999999", True),
        ("-1e-99999999999999999999", True),
        ("0." + "0" * 400 + "1", True),
        ("2.2250738585072011e-308", True),
        ("123456789012345678901234567890.5", True),
        ("-0", True),
        ("-0.0", True),
        ('"\\ud83d\\ude00"', True),
        ("[" * 200 + "]" * 200, True),
        ("[NaN, Infinity, -Infinity]", True),
        ('"\\ud800"', False),
        ('"\\ude00\\ud83d"', False),
        ("[" * 202 + "]" * 202, False),
        ("[" * 100_000, False),
        ("-NaN", False),
        ("nan", False),
        ("\u00a01", False),
        (b"\xef\xbb\xbf{}", False),
        ("{}".encode("utf-16"), False),
        ("[1]".encode("utf-32"), False),
        ("1" * 5000, False),
        ("\ufeff1", False),
        ("", False),
    ],
    ids=lambda value: ascii(value)[:20],
)
def test_reading(text: str | bytes, served: bool) -> None:
    if text == "1" * 5000 and not hasattr(sys, "set_int_max_str_digits"):
        pytest.skip("this Python has no limit on digits")
    check_loads(text, served=served)


def test_reading_takes_only_str_and_bytes() -> None:
    for data in (bytearray(b"1"), memoryview(b"1"), 1, None):
        assert _core.json_loads(data) is NotImplemented
    assert _core.json_loads("\ud800") is NotImplemented


def test_repeated_keys_are_one_object() -> None:
    rows = _core.json_loads('[{"identifier": 1}, {"identifier": 2}]')
    (first,), (second,) = rows
    assert first is second
    assert _core.json_loads(json.dumps({f"key{number}": number for number in range(5000)})) == {
        f"key{number}": number for number in range(5000)
    }
