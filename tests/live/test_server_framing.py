"""Bytes in, bytes out: how requests and answers are delimited, and what happens to the connection."""

from __future__ import annotations

import pytest

from .serving import Site, StartSite, shared_site, start_develop  # noqa: F401
from .wire import Wire


def get(path: str) -> bytes:
    return f"GET {path} HTTP/1.1\r\nHost: a\r\n\r\n".encode()


GET = get("/hello")


@pytest.fixture
def wire(shared_site: Site) -> Wire:  # noqa: F811
    return shared_site.wire()


def post(path: str, *headers: str) -> bytes:
    return "\r\n".join([f"POST {path} HTTP/1.1", "Host: a", *headers, "", ""]).encode()


def chunked(*pieces: bytes) -> bytes:
    return b"".join(b"%x\r\n%s\r\n" % (len(piece), piece) for piece in pieces) + b"0\r\n\r\n"


CHUNKED = "Transfer-Encoding: chunked"


def test_connection_is_kept_alive(wire: Wire) -> None:
    for _ in range(40):
        wire.send(GET)
        assert wire.answer().body == b"hello"


def test_pipelined_requests_are_answered_in_order(wire: Wire) -> None:
    body = b"ab" * 500
    requests = [b"GET /method?%d HTTP/1.1\r\nHost: a\r\n\r\n" % number for number in range(50)]
    requests.insert(20, post("/echo", f"Content-Length: {len(body)}") + body)
    requests.insert(30, post("/echo", CHUNKED) + chunked(b"one", b"two"))
    wire.send(b"".join(requests))
    answers = [wire.answer().body for _ in requests]
    expected = [b"GET %d" % number for number in range(50)]
    expected.insert(20, body)
    expected.insert(30, b"onetwo")
    assert answers == expected


def test_head_has_the_headers_of_get_and_no_body(wire: Wire) -> None:
    for _ in range(20):
        wire.send(b"HEAD /hello HTTP/1.1\r\nHost: a\r\n\r\n" + GET)
        assert wire.answer(to_head=True).all("Content-Length") == ["5"]
        assert wire.answer().body == b"hello"


@pytest.mark.parametrize("status", [204, 304])
def test_bodyless_statuses(wire: Wire, status: int) -> None:
    wire.send(b"GET /status?%d HTTP/1.1\r\nHost: a\r\n\r\n" % status + GET)
    answer = wire.answer()
    assert answer.line == f"HTTP/1.1 {status} STATUS"
    assert answer.all("Content-Length") == answer.all("Transfer-Encoding") == []
    assert wire.answer().body == b"hello"


def test_empty_answer_says_so(wire: Wire) -> None:
    wire.send(get("/status?200"))
    answer = wire.answer()
    assert answer.body == b""
    assert answer.all("Content-Length") == ["0"] or answer.all("Transfer-Encoding") == ["chunked"]


def test_apps_own_spelling_server_and_date(wire: Wire) -> None:
    wire.send(get("/headers"))
    answer = wire.answer()
    assert answer.line == "HTTP/1.1 200 Fine by me"
    assert [name for name, _ in answer.headers if name.startswith(("x", "X"))] == ["x-lower", "X-ODD-case"]
    assert (answer.all("Server"), answer.all("Date")) == (["mine"], ["now"])


def test_server_and_date_are_added_once(wire: Wire) -> None:
    wire.send(GET)
    answer = wire.answer()
    assert answer.all("Server") == ["ferroflask"]
    (date,) = answer.all("Date")
    assert date.endswith(" GMT")
    assert len(date) == 29


def test_http_1_0_closes_unless_asked(wire: Wire, shared_site: Site) -> None:  # noqa: F811
    wire.send(b"GET /hello HTTP/1.0\r\nConnection: keep-alive\r\n\r\n")
    assert wire.answer().all("Connection") == ["keep-alive"]
    wire.send(b"GET /hello HTTP/1.0\r\n\r\n")
    assert wire.answer().all("Connection") == ["close"]
    assert wire.closed()
    streaming = shared_site.wire()
    streaming.send(b"GET /environ-stream HTTP/1.0\r\nConnection: keep-alive\r\n\r\n")
    assert streaming.rest().endswith(b"\r\n\r\nabc")


@pytest.mark.parametrize(("path", "header"), [(b"/hello", b"Connection: x, Close\r\n"), (b"/close", b"")])
def test_either_side_may_close(wire: Wire, path: bytes, header: bytes) -> None:
    wire.send(b"GET %s HTTP/1.1\r\nHost: a\r\n%s\r\n" % (path, header))
    assert wire.answer().all("Connection") == ["close"]
    assert wire.closed()


@pytest.mark.parametrize("size", [1, 65_536, 65_537, 3_000_000])
def test_bodies_of_all_sizes(wire: Wire, size: int) -> None:
    body = (b"0123456789abcde\n" * (size // 16 + 1))[:size]
    for _ in range(2):
        wire.send(post("/echo", f"Content-Length: {size}") + body)
        assert wire.answer().body == body
        pieces = [body[at : at + size // 2 + 1] for at in range(0, size, size // 2 + 1)]
        wire.send(post("/echo", CHUNKED) + chunked(*pieces))
        assert wire.answer().body == body


def test_chunked_body_cut_anywhere(shared_site: Site) -> None:  # noqa: F811
    body = b"5;a=b\r\nhello\r\n6\r\n world\r\n0\r\nX-Trailer: dropped\r\n\r\n"
    for cut in range(len(body)):
        wire = shared_site.wire()
        wire.send(post("/echo", CHUNKED) + body[:cut])
        wire.send(body[cut:] + GET)
        assert wire.answer().body == b"hello world"
        assert wire.answer().body == b"hello"
        wire.close()


def test_streams_are_chunked(wire: Wire) -> None:
    for _ in range(30):
        wire.send(get("/environ-stream"))
        answer = wire.answer()
        assert answer.all("Transfer-Encoding") == ["chunked"]
        assert answer.body == b"abc"
    wire.send(get("/empty-stream") + b"HEAD /environ-stream HTTP/1.1\r\nHost: a\r\n\r\n" + GET)
    assert wire.answer().body == b""
    assert wire.answer(to_head=True).body == b""
    assert wire.answer().body == b"hello"


def test_stream_of_known_length(shared_site: Site) -> None:  # noqa: F811
    wire = shared_site.wire()
    wire.send(get("/length-stream?6") + get("/length-stream?4") + GET)
    assert [wire.answer().body for _ in range(3)] == [b"abcdef", b"abcd", b"hello"]
    wire.send(get("/length-stream?9"))
    assert wire.rest().endswith(b"\r\n\r\nabcdef")


def test_length_that_the_app_gets_wrong(shared_site: Site) -> None:  # noqa: F811
    wire = shared_site.wire()
    wire.send(get("/promises?3") + GET)
    assert wire.answer().body == b"123"
    assert wire.answer().body == b"hello"
    wire.send(get("/promises?9"))
    assert wire.rest().endswith(b"\r\n\r\n12345")


UNSENDABLE = [
    *("X%20Foo=1", "X%20=1", "%20X=1", "=x", "X%00A=1", "X%3AY=1", "X%0D%0ASet-Cookie=1", "X%E9=1"),
    *("Transfer-Encoding%20=chunked", "Content-Length%20=100", "Content-Length%09=100"),
    *("X-A=a%01b", "X-A=a%08b", "X-A=a%7Fb", "X-A=a%00b", "X-A=a%0Db", "X-A=a%0Ab", "X-A=a%0D%0ASet-Cookie:%20b"),
]


@pytest.mark.parametrize("query", UNSENDABLE)
def test_headers_that_http_cannot_carry_are_a_500(shared_site: Site, query: str) -> None:  # noqa: F811
    logged = shared_site.program.printed.count("can't be sent")
    wire = shared_site.wire()
    for method in (b"GET", b"HEAD"):
        wire.send(method + get(f"/header?{query}")[3:] + GET)
        answer = wire.answer(to_head=method == b"HEAD")
        assert (answer.status, answer.all("Set-Cookie")) == (500, [])
        # The connection goes on where the answer ends.
        assert wire.answer().body == b"hello"
    shared_site.program.wait_for("can't be sent", count=logged + 2)


def test_headers_that_are_odd_and_allowed(wire: Wire) -> None:
    for query, name, value in [
        ("x_Y!%23$%25%26'*+-.^`|~1=a", "x_Y!#$%&'*+-.^`|~1", "a"),
        ("X=a%09b%E9", "X", "a\tb\xe9"),
    ]:
        wire.send(get(f"/header?{query}"))
        assert wire.answer().all(name) == [value]
    # It says less than its digits: the length is the server's.
    for length in ("%2B2", "x", "2%2C2", "1_0", "0x2"):
        wire.send(get(f"/header?Content-Length={length}") + GET)
        assert [wire.answer().body, wire.answer().body] == [b"ok", b"hello"]


@pytest.mark.parametrize("reason", ["a%0D%0ASet-Cookie:%20b", "a%00", "a%0A", "%08", "%7F"])
def test_reasons_that_http_cannot_carry_are_a_500(wire: Wire, reason: str) -> None:
    wire.send(get(f"/reason?{reason}") + GET)
    answer = wire.answer()
    assert (answer.status, answer.all("Set-Cookie"), wire.answer().body) == (500, [], b"hello")


def test_header_injection_is_a_500(wire: Wire) -> None:
    wire.send(get("/injected"))
    answer = wire.answer()
    assert answer.status == 500
    assert answer.all("Set-Cookie") == []


EXPECT = "Expect: 100-continue"


def test_continue_before_a_small_body(wire: Wire) -> None:
    wire.send(post("/echo", EXPECT, "Content-Length: 5"))
    assert wire.answer().line == "HTTP/1.1 100 Continue"
    wire.send(b"hello" + GET)
    assert wire.answer().body == wire.answer().body == b"hello"


@pytest.mark.parametrize("framing", ["Content-Length: 70000", CHUNKED])
def test_continue_when_the_app_reads(wire: Wire, framing: str) -> None:
    wire.send(post("/size", EXPECT, framing))
    assert wire.answer().line == "HTTP/1.1 100 Continue"
    body = b"x" * 70000
    wire.send((chunked(body) if framing == CHUNKED else body) + GET)
    assert wire.answer().body == b"70000"
    assert wire.answer().body == b"hello"


def test_no_continue_when_the_app_does_not_read(wire: Wire) -> None:
    wire.send(post("/hello", EXPECT, "Content-Length: 70000"))
    answer = wire.answer()
    assert (answer.status, answer.all("Connection")) == (200, ["close"])
    assert wire.closed()


def test_unread_body_is_not_the_next_request(wire: Wire) -> None:
    for framing in ("Content-Length: 100000", "Content-Length: 30"):
        size = int(framing.split()[1])
        wire.send(post("/hello", framing) + (GET * 4000)[:size] + GET)
        assert wire.answer().body == b"hello"
        assert wire.answer().body == b"hello"


def test_answer_to_a_large_unread_body_can_be_read(wire: Wire) -> None:
    size = 20_000_000
    wire.send(post("/missing", f"Content-Length: {size}"))
    wire.send(b"x" * size)
    answer = wire.answer()
    assert (answer.status, answer.all("Connection")) == (404, ["close"])


def test_answer_while_the_body_is_still_coming(wire: Wire) -> None:
    wire.send(post("/mirror", CHUNKED))
    wire.send(b"4\r\none\n\r\n")
    # How much of the body would be left at the end nobody could know.
    assert b"Connection: close" in wire.take_until(b"ONE\n")
    wire.send(b"4\r\ntwo\n\r\n")
    wire.take_until(b"TWO\n")
    wire.send(b"0\r\n\r\n")
    wire.take_until(b"0\r\n\r\n")
    assert wire.closed()


PATHS = [
    ("//a//b", "//a//b", "/a//b"),
    ("/a%2Fb", "/a/b", "/a/b"),
    ("/%ff%C3%A9", "/\xff\xc3\xa9", "/\xef\xbf\xbd\xc3\xa9"),
]


@pytest.mark.parametrize(("target", "served", "developed"), PATHS)
def test_paths_of_an_environ(
    shared_site: Site,  # noqa: F811
    start_develop: StartSite,  # noqa: F811
    target: str,
    served: str,
    developed: str,
) -> None:
    """Under `ferroflask serve` as PEP 3333 has them; the development server does what Werkzeug's does."""
    assert shared_site.ask(f"GET {target}?x").decode() == served
    assert start_develop().ask(f"GET {target}?x").decode() == developed


def test_facts_about_server_and_client(shared_site: Site) -> None:  # noqa: F811
    facts = shared_site.ask("GET /facts").decode()
    assert facts == f"127.0.0.1 127.0.0.1 {shared_site.port} HTTP/1.1 True False"
