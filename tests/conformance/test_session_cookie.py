"""Session cookies made natively and by ItsDangerous with Flask's tagging serializer: each opens the other's.

Knows ``_core.SessionKeys`` and nothing of requests; the reference runs inside an app context, as it does while a
response is saved.
"""

from __future__ import annotations

import collections
import datetime as dt
import decimal
import hashlib
import random
import string
import time
import typing as t
import uuid
import zlib

import flask
import pytest
from flask.sessions import SecureCookieSession, session_json_serializer
from hypothesis import given, strategies as st
from itsdangerous import BadPayload, BadSignature, TimestampSigner, URLSafeTimedSerializer
from itsdangerous.encoding import base64_encode
from markupsafe import Markup

from .harness.testing_build import _core

SECRET = "some_secret"
NOW = 1_700_000_000

app = flask.Flask(__name__)


def reference(*keys: t.Any, salt: str = "cookie-session", **signer: t.Any) -> URLSafeTimedSerializer:
    """Keys oldest first, as ItsDangerous takes them."""
    options = {"key_derivation": "hmac", "digest_method": hashlib.sha1, **signer}
    return URLSafeTimedSerializer(
        list(keys) or [SECRET], salt=salt, serializer=session_json_serializer, signer_kwargs=options
    )


def reference_cookie(session: dict[t.Any, t.Any]) -> str:
    with app.app_context():
        return reference().dumps(session)


# Some Pythons are built with another zlib (zlib-ng), whose output has other bytes; nothing but the bytes differs then.
USUAL_ZLIB = zlib.compress(b"abcabcabdabcabcabdabcabc" * 4).hex() == "789c4b4c4a4e04a19444740675c401f85624c9"


def check_sealed(ours: str | None, session: dict[t.Any, t.Any]) -> None:
    theirs = reference_cookie(session)
    assert ours is not None
    if USUAL_ZLIB:
        assert ours == theirs
    with app.app_context():
        assert repr(reference().loads(ours, max_age=31)) == repr(reference().loads(theirs, max_age=31))


def signed(payload: bytes) -> str:
    return TimestampSigner(SECRET, salt="cookie-session", key_derivation="hmac").sign(payload).decode()


@pytest.fixture(autouse=True)
def frozen_clock(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(time, "time", lambda: NOW + 0.75)


KEYS = _core.SessionKeys(SECRET)

text = st.text(st.characters(exclude_categories=["Cs"]))
tag_like = st.sampled_from([" t", " b", " m", " u", " d", " di", " t__", " di__", "__", "x__"])
scalars = (
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats(allow_nan=False)
    | text
    | st.binary()
    | text.map(Markup)
    | st.uuids()
    | st.datetimes(max_value=dt.datetime(9999, 1, 1))
    | st.datetimes(min_value=dt.datetime(2, 1, 1), max_value=dt.datetime(9999, 1, 1), timezones=st.timezones())
)
values = st.recursive(
    scalars,
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.lists(inner, max_size=4).map(tuple)
        | st.dictionaries(text | tag_like, inner, max_size=3)
    ),
    max_leaves=12,
)
sessions = st.dictionaries(text | tag_like, values, max_size=5)


@given(sessions)
def test_seals_as_the_reference_does(session: dict[str, t.Any]) -> None:
    check_sealed(KEYS.seal(session), session)


@given(sessions)
def test_opens_what_the_reference_sealed(session: dict[str, t.Any]) -> None:
    cookie = reference_cookie(session)
    with app.app_context():
        expected = reference().loads(cookie)
    if isinstance(expected, dict):
        opened = KEYS.open(cookie, 31)
        assert type(opened) is dict
        assert repr(opened) == repr(expected)


@pytest.mark.parametrize(
    ("session", "cookie"),
    [
        ({}, "e30.ZVPxAA.k7DMwq0mShIeErdQHp3DXziXYQc"),
        (
            {"visits": 5, "user_id": 31},
            "eyJ1c2VyX2lkIjozMSwidmlzaXRzIjo1fQ.ZVPxAA.XKlo-hwp1lhczz8oySLEN0f51_w",
        ),
        (
            {"_flashes": [("message", "one"), ("message", "two"), ("error", "three")], "csrf": "é"},
            ".eJyrVopPy0kszkgtVrKKrlZSKAFSSrmpxcWJ6alKOkr5ealKsbU6mBIl5fnIEqlFRflFIOGMolSQjlgdpeTiojQlK6WYUgODVEulWgD9pSFB"
            ".ZVPxAA.DWsLleyEGCCpY6OQDY5GkUvkqms",
        ),
        (
            {
                "b": b"\x00\xff",
                "m": Markup("<b>"),
                "u": uuid.UUID(int=7),
                "d": dt.datetime(2024, 2, 29, 23, 59, 1, tzinfo=dt.timezone.utc),
                "t": (1, [2.5, None]),
                " t": {" t": True},
            },
            ".eJyrVlIoUbKqVlJIyQRTJfHxSlYlRaWptbU6SklgISCp5BhgYasEFEmBqAWKhGSU6igYWSq4pSYpGBkYmSgYGVuZWloZGCq4-4aAlOaClQJJJZskO5AAxB"
            "4gGW2oE22kZ6qTV5qTExsLlCkFywBJJQP8wFypthYANYAsfQ.ZVPxAA.WxmgOq-LgOq2IXVfmrXcfqyHzK8",
        ),
    ],
)
def test_recorded_cookies(session: dict[str, t.Any], cookie: str) -> None:
    """Written down from stock Flask 3.1.3 with ItsDangerous 2.2.0 and zlib 1.2.13, key ``some_secret``, at ``NOW``."""
    assert KEYS.seal(session) == cookie
    opened = KEYS.open(cookie, 0)
    assert opened == session
    assert {name: type(value) for name, value in opened.items()} == {
        name: type(value) for name, value in session.items()
    }


FLASH = (b"message", b"access at 1404020982.83")
OLD_COOKIES = [
    (
        ".eJyrVopPy0kszkgtVrKKrlZSKIFQSUpWSknhYVXJRm55UYG2tkq1OlDRyHC_rKgIvypPdzcDTxdXA1-XwHLfLEdTfxfPUn8XX6DKWCAEAJKBGq8"
        ".BpE6dg.F1VURZa7VqU9bvbC4XIBO9-3Y4Y",
        [FLASH],
    ),
    (
        ".eJyrVopPy0kszkgtVrKKrlZSKIFQSUpWSknhYVXJRm55UYG2tkq1OlDRyHC_rKgIvypPdzcDTxdXA1-XwHLfLEdTfxfPUn8XX6DKWLBaMg1yrfCtciz"
        "1rfIEGxRbCwAhGjC5.BpE7Cg.Cb_B_k2otqczhknGnpNjQ5u4dqw",
        [FLASH, (b"message", b"access at 1404021130.32")],
    ),
]


@pytest.mark.parametrize(("cookie", "flashes"), OLD_COOKIES)
def test_cookies_of_2014(cookie: str, flashes: list[t.Any]) -> None:
    assert KEYS.open(cookie) == {"_flashes": flashes}
    assert KEYS.open(cookie, 31 * 24 * 3600) is None


@pytest.mark.parametrize(
    "session",
    [
        {"date": dt.date(2024, 2, 29), "decimal": decimal.Decimal("1.5")},
        {1: "number", 2: "keys"},
        {"bytes": bytes(range(256)), "nested": {"t": ({"u": uuid.UUID(int=7)},)}},
        {" t": "only a tag's name"},
        {" di": {" di": {" t__": 1}}},
        {"x": {" u": None}},
        {"nan": float("nan"), "inf": float("-inf")},
        {"big": 10**30},
        {"é": "😀", "\x7f": "\u2028"},
    ],
    ids=ascii,
)
def test_seals_rarer_values(session: dict[t.Any, t.Any]) -> None:
    ours = KEYS.seal(session)
    check_sealed(ours, session)
    with app.app_context():
        assert repr(KEYS.open(ours)) == repr(reference().loads(ours) or {})


def test_seals_a_session_object() -> None:
    session = SecureCookieSession({"b": 1, "a": [2]})
    assert KEYS.seal(session) == reference_cookie(dict(session))


class Html:
    def __html__(self) -> str:
        return "<hr>"


def test_html_objects_come_back_as_markup() -> None:
    cookie = KEYS.seal({"rule": Html()})
    assert cookie == reference_cookie({"rule": Html()})
    assert KEYS.open(cookie) == {"rule": Markup("<hr>")}
    assert type(KEYS.open(cookie)["rule"]) is Markup


@pytest.mark.parametrize(
    "session",
    [
        {"x": object()},
        {"x": collections.OrderedDict(a=1)},
        {"x": collections.namedtuple("Pair", "left")(1)},
        {1: "a", "b": "c"},
        {(1, 2): 3},
        {"x": "\ud800"},
    ],
    ids=ascii,
)
def test_declines_what_needs_python(session: dict[t.Any, t.Any]) -> None:
    assert KEYS.seal(session) is None


def test_declines_circles() -> None:
    session: dict[str, t.Any] = {}
    session["self"] = [session]
    assert KEYS.seal(session) is None


words = st.sampled_from(["spam", "eggs", "message", "hello there", "0", "1234", "é"])


@given(
    st.lists(words, max_size=400)
    | st.text("ab", max_size=3000)
    | st.text(st.characters(min_codepoint=32, max_codepoint=126), max_size=800)
)
def test_compresses_as_the_reference_does(value: t.Any) -> None:
    check_sealed(KEYS.seal({"value": value}), {"value": value})


@pytest.mark.parametrize("size", [0, 1, 10, 30, 100, 1000, 10_000])
def test_large_sessions(size: int) -> None:
    session = {f"key{number}": f"value {number * 7919 % 1000}" for number in range(size)}
    check_sealed(KEYS.seal(session), session)
    assert KEYS.open(reference_cookie(session)) == session


def test_small_sessions_are_compressed_when_the_reference_does() -> None:
    """Around the sizes from which on compressing pays, with few repetitions and with many."""
    chance = random.Random(5)
    compressed = 0
    for _ in range(3000):
        letters = string.printable[: chance.choice([1, 3, 12, 95])]
        session = {
            "".join(chance.choices(letters, k=chance.randrange(8))): chance.choice(
                [True, chance.randrange(10_000), "".join(chance.choices(letters, k=chance.randrange(40)))]
            )
            for _ in range(chance.randrange(1, 4))
        }
        check_sealed(cookie := KEYS.seal(session), session)
        compressed += cookie.startswith(".")
    assert 300 < compressed < 2700


def damaged(stream: bytes, chance: random.Random) -> bytes:
    """``stream`` with a few bits changed or its end cut off; half of what can still be read has its checksum mended."""
    changed = bytearray(stream)
    for _ in range(chance.randrange(1, 4)):
        changed[chance.randrange(2, len(changed) - 4)] ^= 1 << chance.randrange(8)
    if chance.random() < 0.1:
        return bytes(changed[: chance.randrange(len(changed))])
    if chance.random() < 0.5:
        raw = zlib.decompressobj(-15)
        try:
            content = raw.decompress(changed[2:])
        except zlib.error:
            return bytes(changed)
        if raw.eof:
            end = len(changed) - len(raw.unused_data)
            return bytes(changed[:end]) + zlib.adler32(content).to_bytes(4, "big")
    return bytes(changed)


def test_damaged_streams_are_read_as_the_reference_reads_them() -> None:
    chance = random.Random(7)
    text = ('{"_fresh":true,"name":"%s","basket":["book 1","book 22","book 333"]}' % ("ada " * 9)).encode()
    verdicts: collections.Counter[str] = collections.Counter()
    for _ in range(6000):
        cookie = signed(b"." + base64_encode(damaged(zlib.compress(text, chance.choice([0, 1, 6])), chance)))
        try:
            expected = repr(reference().loads(cookie))
        except BadPayload as error:
            expected = type(error.original_error).__name__
        try:
            opened = repr(KEYS.open(cookie))
        except BadPayload as error:
            opened = type(error.original_error).__name__
        assert opened == expected, cookie
        verdicts[expected if expected[0] != "{" else "read"] += 1
    assert verdicts["error"] > 1000
    assert verdicts["read"] > 50
    assert len(verdicts) > 2


def test_age(monkeypatch: pytest.MonkeyPatch) -> None:
    cookie = reference_cookie({"a": 1})
    for age, max_age in [(0, 0), (10, 10), (11, 10), (-1, 10), (5, None), (0, -1), (10**9, None)]:
        monkeypatch.setattr(time, "time", lambda now=NOW + age: now)
        expected: t.Any
        try:
            expected = reference().loads(cookie, max_age=max_age)
        except BadSignature:
            expected = None
        assert KEYS.open(cookie, max_age) == expected, (age, max_age)


def test_key_rotation() -> None:
    old, new = reference("old").dumps({"a": 1}), reference("new").dumps({"a": 1})
    keys = _core.SessionKeys("new", ["older", b"old"])
    assert keys.open(old) == keys.open(new) == {"a": 1}
    assert keys.seal({"a": 1}) == new
    assert _core.SessionKeys(b"new").open(old) is None
    assert _core.SessionKeys("new", None).open(new) == {"a": 1}


@pytest.mark.parametrize("derivation", ["hmac", "concat", "django-concat", "none"])
@pytest.mark.parametrize("digest", ["sha1", "sha256", "sha512"])
def test_derivations_and_digests(derivation: str, digest: str) -> None:
    theirs = reference("k" * 200, salt="säl", key_derivation=derivation, digest_method=getattr(hashlib, digest))
    keys = _core.SessionKeys("k" * 200, None, "säl", derivation, digest)
    assert keys.seal({"a": 1}) == theirs.dumps({"a": 1})
    assert keys.open(theirs.dumps({"b": 2}), 1) == {"b": 2}


def test_bad_arguments() -> None:
    for wrong in (1, None, ["list"]):
        with pytest.raises(TypeError):
            _core.SessionKeys(wrong)
    with pytest.raises(TypeError):
        _core.SessionKeys("k", [1])
    with pytest.raises(ValueError, match="django-concat"):
        _core.SessionKeys("k", None, "s", "md5")
    with pytest.raises(ValueError, match="sha256"):
        _core.SessionKeys("k", None, "s", "hmac", "md5")


good = reference_cookie({"user": "x"})


@given(st.integers(0, len(good) - 1), st.sampled_from("aZ-_.=+/ é0"))
def test_changed_cookies_are_refused_as_the_reference_refuses_them(at: int, letter: str) -> None:
    changed = good[:at] + letter + good[at + 1 :]
    try:
        expected = reference().loads(changed)
    except BadSignature:
        expected = None
    assert KEYS.open(changed) == expected


@given(st.text() | st.text("ab.-_=é").map(lambda tail: good + tail))
def test_junk_is_refused(cookie: str) -> None:
    try:
        expected = reference().loads(cookie)
    except (BadSignature, UnicodeEncodeError):
        expected = None
    try:
        assert KEYS.open(cookie) == expected
    except UnicodeEncodeError:
        assert expected is None


@pytest.mark.parametrize(
    "payload",
    [b"", b"a", b".", b".e30", b".AAAA", b"e3", b"bm9wZQ", base64_encode('{" t":1}'), base64_encode('{" u":"zz"}')],
)
def test_unreadable_payload_under_a_good_signature_raises(payload: bytes) -> None:
    with pytest.raises(BadPayload) as theirs:
        reference().loads(signed(payload))
    with pytest.raises(BadPayload) as ours:
        KEYS.open(signed(payload))
    assert str(ours.value) == str(theirs.value)
    assert type(ours.value.original_error) is type(theirs.value.original_error)


@pytest.mark.parametrize(
    "json",
    [
        "[]",
        "null",
        '[["a",1]]',
        '{" t":"abc"}',
        '{"x":{" t":"abc"}}',
        '{"x":{" d":"not a date"}}',
        '{"x":{" b":"YQ=\\n="}}',
        '{"x":{" m":5}}',
        '{"x":{" di":{"ab":1,"c":2}}}',
        '{"x":{" di":{"a":1}}}',
        '{"x":{" t":[1]," t":[2]}}',
        '{"x":"\\ud800"}',
        '{"x":{" u":"00000000-0000-0000-0000-000000000001"}}',
    ],
)
def test_odd_payloads_open_as_the_reference_opens_them(json: str) -> None:
    cookie = signed(base64_encode(json))
    expected: t.Any
    try:
        expected = repr(dict(SecureCookieSession(reference().loads(cookie))))
    except (TypeError, ValueError) as error:
        expected = type(error)
        with pytest.raises(expected):
            KEYS.open(cookie)
    else:
        assert repr(KEYS.open(cookie)) == expected


def test_bombs_are_not_inflated() -> None:
    bomb = b"." + base64_encode(zlib.compress(b'"' + b" " * (64 << 20) + b'"'))
    with pytest.raises(BadPayload):
        KEYS.open(signed(bomb))
