"""The HTTP value parsers beside Werkzeug's: the same input to both, the same outcome from both.

Inputs are drawn from the characters and fragments that the grammars care about, so that most of them are nearly right.
An outcome is a value or the type of an exception. Multipart bodies are also cut in pieces: the cut must not change what
is read.
"""

from __future__ import annotations

import copy
import io
import itertools
import pickle
import typing as t
import warnings
from datetime import date, datetime, timedelta, timezone
from urllib.parse import parse_qsl

import pytest
from hypothesis import HealthCheck, given, settings, strategies as st
from werkzeug import http as wz
from werkzeug.datastructures import FileStorage, Headers, ImmutableMultiDict, MultiDict
from werkzeug.exceptions import RequestEntityTooLarge
from werkzeug.formparser import FormDataParser, default_stream_factory
from werkzeug.sansio.http import parse_cookie as wz_parse_cookie
from werkzeug.sansio.request import Request as SansioRequest

from .harness.testing_build import _core

Outcome = tuple[str, t.Any]

relaxed = settings(max_examples=400, deadline=None, suppress_health_check=list(HealthCheck))


def outcome(call: t.Callable[[], t.Any]) -> Outcome:
    """What calling gives: ("value", it) or ("raised", the class that counts)."""
    try:
        return "value", call()
    except RequestEntityTooLarge:
        return "raised", RequestEntityTooLarge
    except UnicodeError as error:
        return "raised", type(error)
    except ValueError:
        return "raised", ValueError


def fragments(*pieces: str, alphabet: str = "ab1 é") -> st.SearchStrategy[str]:
    """Texts made of the given pieces and a few ordinary characters."""
    return st.lists(st.sampled_from([*pieces, *alphabet]), max_size=14).map("".join)


def stock_query(raw: bytes) -> ImmutableMultiDict[str, str]:
    request = SansioRequest("GET", "http", None, "", "/", raw, Headers(), None)
    return t.cast("ImmutableMultiDict[str, str]", request.args)


QUERY = fragments(
    "&", "=", "+", "%", "%4", "%41", "%C3%A9", "%c3", "%E2%82", "%ed%a0%80", "%F0%9F%98%80", "\0", ";", "😀"
)


class TestQuery:
    @relaxed
    @given(QUERY)
    def test_args(self, text: str) -> None:
        ours, stock = _core.parse_query(text.encode()), stock_query(text.encode())
        assert type(ours) is type(stock)
        assert list(ours.lists()) == list(stock.lists())
        assert repr(ours) == repr(stock)

    @relaxed
    @given(st.binary(max_size=12))
    def test_raw_bytes(self, raw: bytes) -> None:
        assert outcome(lambda: _core.parse_query(raw)) == outcome(lambda: stock_query(raw))

    @relaxed
    @given(QUERY.map(str.encode) | st.binary(max_size=12))
    def test_form(self, body: bytes) -> None:
        parser = FormDataParser(cls=ImmutableMultiDict)
        _, form, _ = parser.parse(io.BytesIO(body), "application/x-www-form-urlencoded", len(body))
        assert list(_core.parse_form(body).lists()) == list(form.lists())

    @pytest.mark.parametrize("storage", [ImmutableMultiDict, MultiDict, dict, list, tuple])
    def test_storage_class(self, storage: type) -> None:
        ours = _core.parse_query(b"a=1&a=2&b=3", cls=storage)
        assert type(ours) is storage
        assert ours == storage(parse_qsl("a=1&a=2&b=3"))

    def test_result_is_a_full_multi_dict(self) -> None:
        ours, stock = _core.parse_query(b"a=1&a=2"), ImmutableMultiDict([("a", "1"), ("a", "2")])
        assert ours == stock
        assert hash(ours) == hash(stock)
        assert pickle.loads(pickle.dumps(ours)) == stock
        assert copy.copy(ours) == stock
        assert ours.to_dict(flat=False) == {"a": ["1", "2"]}
        with pytest.raises(TypeError):
            ours["a"] = "3"


COOKIE = fragments(
    ";", "=", '"', "\\", "\\073", "\\303\\251", "\\377", "\\400", '="', '";', " ", "\t", "\n", ",", "; a="
)
SAMESITE = st.sampled_from([None, "lax", "STRICT", "None", "none", "ſtrict", "bad", ""])


class TestCookies:
    @relaxed
    @given(COOKIE)
    def test_parse(self, header: str) -> None:
        ours = _core.parse_cookie(header)
        stock = wz_parse_cookie(header, cls=ImmutableMultiDict)
        assert list(ours.items(multi=True)) == list(stock.items(multi=True))
        assert type(ours) is type(stock)

    @relaxed
    @given(
        key=st.sampled_from(["k", "é", "a b", ""]),
        value=st.text(max_size=8).filter(lambda text: text.isprintable() or text.isascii()) | COOKIE,
        max_age=st.none()
        | st.integers(-5, 10)
        | st.floats(0, 9)
        | st.booleans()
        | st.just(timedelta(days=1, seconds=1.5)),
        path=st.sampled_from([None, "/", "", "/a b;é%20,=", "/~x"]),
        domain=st.sampled_from(
            [None, "", "a.example", ".a.example:80", "é.example", "..x", "a..b", "x" * 64, "a.", "."]
        ),
        flags=st.tuples(st.booleans(), st.booleans(), st.booleans(), st.booleans()),
        samesite=SAMESITE,
    )
    def test_dump(
        self,
        key: str,
        value: str,
        max_age: t.Any,
        path: str | None,
        domain: str | None,
        flags: tuple[bool, bool, bool, bool],
        samesite: str | None,
    ) -> None:
        secure, httponly, partitioned, with_expires = flags
        arguments: dict[str, t.Any] = {
            "max_age": max_age,
            "expires": 784111777 if with_expires else None,
            "path": path,
            "domain": domain,
            "secure": secure,
            "httponly": httponly,
            "samesite": samesite,
            "partitioned": partitioned,
            "sync_expires": False,
        }
        ours = outcome(lambda: _core.dump_cookie(key, value, **arguments))
        stock = outcome(lambda: wz.dump_cookie(key, value, **arguments))
        assert ours == stock

    @pytest.mark.parametrize(
        "arguments",
        [
            {"secure": 1, "httponly": 0},
            {"partitioned": 1},
            {"partitioned": "x", "secure": True},
            {"expires": "tomorrow"},
            {"expires": 0.9999999},
            {"expires": datetime(2020, 2, 29, 1, 2, 3)},
            {"expires": datetime(2020, 1, 1, tzinfo=timezone(timedelta(hours=2)))},
            {"max_age": 0, "sync_expires": False},
            {"max_age": "12", "expires": 1},
        ],
    )
    def test_odd_arguments(self, arguments: dict[str, t.Any]) -> None:
        assert _core.dump_cookie("k", "v", **arguments) == wz.dump_cookie("k", "v", **arguments)

    def test_expires_follows_werkzeugs_clock(self, monkeypatch: pytest.MonkeyPatch) -> None:
        class Stopped(datetime):
            @classmethod
            def now(cls, tz: t.Any = None) -> datetime:  # type: ignore[override]
                return datetime(2001, 2, 3, 4, 5, 6, tzinfo=tz)

        monkeypatch.setattr(wz, "datetime", Stopped)
        assert _core.dump_cookie("k", max_age=60) == wz.dump_cookie("k", max_age=60)
        assert "Expires=Sat, 03 Feb 2001 04:06:06 GMT" in _core.dump_cookie("k", max_age=60)

    @pytest.mark.parametrize("size", [4080, 4093, 5000])
    @pytest.mark.parametrize("limit", [0, 20, 4093])
    def test_warning_about_size(self, size: int, limit: int) -> None:
        seen = []
        for dump in (_core.dump_cookie, wz.dump_cookie):
            with warnings.catch_warnings(record=True) as caught:
                warnings.simplefilter("always")
                text = dump("k", "é" + "x" * size, max_size=limit)
            seen.append((text, [(str(w.message), w.category, w.filename) for w in caught]))
        assert seen[0] == seen[1]


class TestDates:
    @relaxed
    @given(st.integers(-62135596800, 253402300799) | st.floats(-1e9, 1e11) | st.integers() | st.floats())
    def test_numbers(self, moment: float) -> None:
        try:
            stock = wz.http_date(moment)
        except (ValueError, OverflowError, OSError) as error:
            with pytest.raises(type(error)):
                _core.http_date(moment)
        else:
            assert _core.http_date(moment) == stock

    @relaxed
    @given(st.datetimes() | st.datetimes(timezones=st.just(timezone.utc)) | st.dates())
    def test_dates(self, moment: date) -> None:
        assert _core.http_date(moment) == wz.http_date(moment)

    @relaxed
    @given(
        st.datetimes(datetime(1000, 1, 1)).map(wz.http_date)
        | fragments(
            "Sun, ", "06 Nov 1994", " 08:49:37", " GMT", " -0500", "31 Feb", "-", ":", "Sunday", "94", alphabet="12 "
        )
    )
    def test_parse(self, text: str) -> None:
        ours, stock = _core.parse_date(text), wz.parse_date(text)
        assert repr(ours) == repr(stock)

    def test_missing(self) -> None:
        assert _core.parse_date(None) is None
        assert _core.http_date().endswith(" GMT")


OPTIONS = fragments(
    ";",
    "; ",
    "=",
    "*",
    "*0",
    "*1",
    "*0*",
    '"',
    "\\",
    '\\"',
    "%22",
    "%E9",
    "%C3%A9",
    "utf-8''",
    "iso-8859-1'en'",
    "ascii''",
    "koi8-r''",
    "name=",
    "filename*=",
    "f*0*=",
    "f*1=",
    'f="',
    "\n",
    "\t",
    "'",
    alphabet="aF1 é",
)


class TestOptionsHeader:
    @relaxed
    @given(OPTIONS.map("v;".__add__) | OPTIONS)
    def test_parse(self, header: str) -> None:
        ours, stock = _core.parse_options_header(header), wz.parse_options_header(header)
        assert (ours[0], list(ours[1].items())) == (stock[0], list(stock[1].items()))

    @relaxed
    @given(
        st.lists(st.sampled_from(["f=1", "f*0=a", "f*1=b", "F*=utf-8''c", "g=2", 'g*0*="d"', "g*1*=''e"]), max_size=24)
    )
    def test_spellings_replace_each_other(self, parameters: list[str]) -> None:
        header = "; ".join(["v", *parameters])
        ours, stock = _core.parse_options_header(header), wz.parse_options_header(header)
        assert list(ours[1].items()) == list(stock[1].items())

    def test_missing(self) -> None:
        assert _core.parse_options_header(None) == ("", {})


class Pieces:
    """A stream whose reads give the pieces of a body as they were cut."""

    def __init__(self, body: bytes, cuts: t.Iterable[int]) -> None:
        edges = [0, *sorted({cut for cut in cuts if 0 < cut < len(body)}), len(body)]
        self._pieces = [body[start:end] for start, end in itertools.pairwise(edges)]

    def read(self, size: int = -1) -> bytes:
        return self._pieces.pop(0) if self._pieces else b""


calls: list[dict[str, t.Any]] = []


def file_stream(**arguments: t.Any) -> io.BytesIO:
    calls.append(arguments)
    return io.BytesIO()


def plain(result: tuple[t.Any, t.Any]) -> t.Any:
    """Fields and files as values that can be compared."""
    form, files = result
    assert type(form) is type(files) is ImmutableMultiDict
    stored = []
    for key, file in files.items(multi=True):
        assert type(file) is FileStorage
        stored.append((key, file.name, file.filename, list(file.headers), file.stream.tell(), file.read()))
    return list(form.items(multi=True)), stored


def stock_multipart(body: bytes, boundary: str, source: t.Any = None, **limits: t.Any) -> Outcome:
    calls.clear()
    factory: t.Any = file_stream
    parser = FormDataParser(stream_factory=factory, cls=ImmutableMultiDict, silent=False, **limits)
    stream: t.Any = Pieces(body, ()) if source is None else source
    options = {"boundary": boundary}

    def run() -> t.Any:
        found = plain(parser.parse(stream, "multipart/form-data", len(body), options)[1:])
        return found, list(calls)

    return outcome(run)


def our_multipart(body: bytes, boundary: str, source: t.Any = None, **limits: t.Any) -> Outcome:
    calls.clear()
    quoted = wz.dump_options_header("multipart/form-data", {"boundary": boundary})

    def run() -> t.Any:
        stream = body if source is None else source
        found = plain(
            _core.parse_multipart(stream, quoted, len(body), stream_factory=file_stream, silent=False, **limits)
        )
        return found, list(calls)

    return outcome(run)


HEAD = b'Content-Disposition: form-data; name="a"'
FILE = b"content-disposition: form-data; name=f; filename=x.txt\r\nContent-Type: text/plain; charset=iso-8859-1\r\n"
BODY = st.lists(
    st.sampled_from(
        [
            b"\r\n",
            b"\r\n",
            b"\r",
            b"\n",
            b"--b",
            b"--b",
            b"--b--",
            b"--b\r\n",
            b"\r\n--b\r\n",
            b"\r\n--b--\r\n",
            b"-",
            b"--",
            b" ",
            b"\t",
            b"x",
            b"\xe9",
            b"\xc3\xa9",
            HEAD,
            HEAD + b"\r\n\r\n",
            b"--b\r\n" + HEAD + b"\r\n\r\n",
            FILE,
            b"--b\r\n" + FILE + b"\r\n",
            b"Content-Length: 12\r\n",
            b"X-Folded: 1\r\n 2\r\n",
            b"--bb",
            b"--b \t\r\n",
        ]
    ),
    max_size=14,
).map(b"".join)
WELL_FORMED = st.lists(
    st.tuples(
        st.sampled_from([HEAD + b"\r\n", FILE]),
        st.lists(st.sampled_from([b"\r", b"\n", b"--b", b"-", b"x"]), max_size=6),
    ),
    max_size=4,
).map(
    lambda parts: (
        b"".join(b"--b\r\n" + head + b"\r\n" + b"".join(data) + b"\r\n" for head, data in parts) + b"--b--\r\n"
    )
)
LIMITS = st.fixed_dictionaries(
    {},
    optional={
        "max_form_memory_size": st.none() | st.integers(0, 400),
        "max_form_parts": st.none() | st.integers(0, 3),
    },
)


class TestMultipart:
    @relaxed
    @given(BODY | WELL_FORMED, LIMITS)
    def test_whole(self, body: bytes, limits: dict[str, int | None]) -> None:
        expected = stock_multipart(body, "b", **limits)
        assert our_multipart(body, "b", **limits) == expected
        assert our_multipart(body, "b", Pieces(body, ()), **limits) == expected

    @settings(relaxed, max_examples=60)
    @given(BODY | WELL_FORMED)
    def test_every_cut(self, body: bytes) -> None:
        expected = stock_multipart(body, "b")
        for cut in range(1, len(body)):
            assert our_multipart(body, "b", Pieces(body, [cut])) == expected, cut
        assert our_multipart(body, "b", Pieces(body, range(len(body)))) == expected

    @relaxed
    @given(BODY | WELL_FORMED, st.lists(st.integers(0, 400), max_size=8))
    def test_random_cuts(self, body: bytes, cuts: list[int]) -> None:
        assert our_multipart(body, "b", Pieces(body, cuts)) == stock_multipart(body, "b")

    @pytest.mark.parametrize("boundary", ["b", "-", "----b", "a b", "'()+_,-./:=?", "x" * 200, "é", "", "--"])
    def test_boundaries(self, boundary: str) -> None:
        line = b"--" + boundary.encode()
        body = line + b"\r\n" + HEAD + b"\r\n\r\nvalue\r\n" + line + b"\r\n" + FILE + b"\r\ndata\n" + line + b"--"
        expected = stock_multipart(body, boundary)
        assert our_multipart(body, boundary) == expected
        assert our_multipart(body, boundary, Pieces(body, range(0, len(body), 3))) == expected

    @pytest.mark.parametrize("limit", [None, 1000, 65535, 65536, 100_000, 300_000, 500_000, 1_000_000])
    @pytest.mark.parametrize(
        "shape", ["field", "file", "crlf", "cr", "preamble", "headers", "epilogue", "open", "many", "dashes"]
    )
    def test_large(self, shape: str, limit: int | None) -> None:
        size = 330_000
        part = b"--b\r\n" + FILE + b"\r\n%s\r\n--b--\r\n"
        body = {
            "field": b"--b\r\n" + HEAD + b"\r\n\r\n" + b"x" * size + b"\r\n--b--",
            "file": part % (b"\0x" * (size // 2)),
            "crlf": part % (b"\r\n" * (size // 2)),
            "cr": part % (b"\r" * size),
            "preamble": b"x" * size + part % b"",
            "headers": b"--b\r\nX: " + b"x" * size + b"\r\n" + FILE + b"\r\nx\r\n--b--",
            "epilogue": part % b"" + b"-" * size,
            "open": b"--b\r\n" + FILE + b"\r\n" + b"x" * size,
            "many": (b"--b\r\n" + HEAD + b"\r\n\r\nx\r\n") * (size // 60) + b"--b--",
            "dashes": part % (b"\r\n--" * (size // 4)),
        }[shape]
        expected = stock_multipart(body, "b", io.BytesIO(body), max_form_memory_size=limit)
        assert our_multipart(body, "b", max_form_memory_size=limit) == expected
        assert our_multipart(body, "b", io.BytesIO(body), max_form_memory_size=limit) == expected

    def test_spooled_files(self) -> None:
        for size in (0, 10, 100_000, 512_000, 512_001, 1_200_000):
            body = b"--b\r\n" + FILE + b"\r\n" + b"y" * size + b"\r\n--b--"
            states = []
            parser = FormDataParser(stream_factory=default_stream_factory, cls=ImmutableMultiDict)
            _, _, stock = parser.parse(io.BytesIO(body), "multipart/form-data", len(body), {"boundary": "b"})
            _, ours = _core.parse_multipart(body, "multipart/form-data; boundary=b")
            _, streamed = _core.parse_multipart(io.BytesIO(body), "multipart/form-data; boundary=b")
            for files in (ours, streamed, stock):
                stream: t.Any = files["f"].stream
                with stream:
                    states.append((type(stream), stream._rolled, stream.tell(), stream.read()))
            assert states[0] == states[1] == states[2]

    @pytest.mark.parametrize(
        "content_type", ["", "multipart/form-data", "multipart/form-data; boundary=", "x;boundary=é"]
    )
    def test_silent_by_default(self, content_type: str) -> None:
        assert _core.parse_multipart(b"--b--", content_type) == (ImmutableMultiDict(), ImmutableMultiDict())

    def test_body_limit(self) -> None:
        body = b"--b--"
        kind = "multipart/form-data; boundary=b"
        assert _core.parse_multipart(body, kind, max_content_length=5)
        for source, length in ((body, None), (Pieces(body, ()), None), (b"", 6)):
            with pytest.raises(RequestEntityTooLarge):
                _core.parse_multipart(source, kind, length, max_content_length=4)

    def test_stream_errors_pass(self) -> None:
        class Broken(io.BytesIO):
            def write(self, data: t.Any) -> int:
                raise OSError("disk full")

        body = b"--b\r\n" + FILE + b"\r\nx\r\n--b--"
        with pytest.raises(OSError, match="disk full"):
            _core.parse_multipart(body, "multipart/form-data; boundary=b", stream_factory=lambda **_: Broken())
