"""What the server does not let through: each refusal is a small text, a closed connection and a log line."""

from __future__ import annotations

import contextlib
import socket
import time

import pytest

from .serving import Site, StartSite, shared_site, start_site  # noqa: F401

HOST = b"Host: a\r\n"

MALFORMED = {
    "no version": (b"GET /hello\r\n\r\n", 400),
    "not http": (b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\r\n\r\n", 400),
    "two spaces": (b"GET  /hello HTTP/1.1\r\n" + HOST + b"\r\n", 400),
    "relative target": (b"GET hello HTTP/1.1\r\n" + HOST + b"\r\n", 400),
    "target that ends like a scheme": (b"GET hello?:// HTTP/1.1\r\n" + HOST + b"\r\n", 400),
    "absolute target without a host": (b"GET http:///hello HTTP/1.1\r\n" + HOST + b"\r\n", 400),
    "absolute target with a user": (b"GET http://a@b/hello HTTP/1.1\r\n" + HOST + b"\r\n", 400),
    "asterisk": (b"GET * HTTP/1.1\r\n" + HOST + b"\r\n", 400),
    "connect": (b"CONNECT evil.test:443 HTTP/1.1\r\n" + HOST + b"\r\n", 400),
    "connect to a path": (b"CONNECT /hello HTTP/1.1\r\n" + HOST + b"\r\n", 400),
    "fragment": (b"GET /hello#/admin HTTP/1.1\r\n" + HOST + b"\r\n", 400),
    "host with a blank": (b"GET /hello HTTP/1.1\r\nHost: a b\r\n\r\n", 400),
    "host with a quote": (b'GET /hello HTTP/1.1\r\nHost: a"<>\r\n\r\n', 400),
    "host with a path": (b"GET /hello HTTP/1.1\r\nHost: a/b\r\n\r\n", 400),
    "host with a user": (b"GET /hello HTTP/1.1\r\nHost: a@b\r\n\r\n", 400),
    "host beyond ascii": (b"GET /hello HTTP/1.1\r\nHost: \xe9\r\n\r\n", 400),
    "port that is none": (b"GET /hello HTTP/1.1\r\nHost: a:b\r\n\r\n", 400),
    "control character": (b"GET /he\x01llo HTTP/1.1\r\n" + HOST + b"\r\n", 400),
    "http 2 preface": (b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", 505),
    "bare line feeds": (b"GET /hello HTTP/1.1\nHost: a\n\n", 400),
    "one bare line feed": (b"GET /hello HTTP/1.1\r\nHost: a\nX: b\r\n\r\n", 400),
    "folded header": (b"GET /hello HTTP/1.1\r\nHost: a\r\nX: b\r\n c\r\n\r\n", 400),
    "space before colon": (b"GET /hello HTTP/1.1\r\nHost : a\r\n\r\n", 400),
    "no colon": (b"GET /hello HTTP/1.1\r\nHost: a\r\nnonsense\r\n\r\n", 400),
    "nul in a value": (b"GET /hello HTTP/1.1\r\nHost: a\r\nX: a\x00b\r\n\r\n", 400),
    "no host": (b"GET /hello HTTP/1.1\r\n\r\n", 400),
    "two hosts": (b"GET /hello HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n", 400),
    "length is no number": (b"POST /hello HTTP/1.1\r\nHost: a\r\nContent-Length: +5\r\n\r\nhello", 400),
    "two lengths": (b"POST /hello HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\nContent-Length: 6\r\n\r\nhello", 400),
    "length and chunked": (
        b"POST /hello HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
        400,
    ),
    "chunked and length": (
        b"POST /hello HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\nContent-Length: 5\r\n\r\n0\r\n\r\n",
        400,
    ),
    "chunked in http 1.0": (b"POST /hello HTTP/1.0\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n", 400),
    "coding unknown": (b"POST /hello HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n", 501),
    "chunk size is no number": (b"POST /hello HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\nxyz\r\n", 400),
    "chunk longer than its size": (
        b"POST /hello HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nhello\r\n0\r\n\r\n",
        400,
    ),
    "chunk after a bare line feed": (
        b"POST /hello HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n5\nhello\r\n0\r\n\r\n",
        400,
    ),
    "request among the trailers": (
        b"POST /hello HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n0\r\nGET /hello HTTP/1.1\r\n\r\n",
        400,
    ),
    "trailer with a blank before its colon": (
        b"POST /hello HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n0\r\nX : a\r\n\r\n",
        400,
    ),
    "folded trailer": (
        b"POST /hello HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n0\r\nX: a\r\n b\r\n\r\n",
        400,
    ),
    "nul in a trailer": (
        b"POST /hello HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n0\r\nX: \x00\r\n\r\n",
        400,
    ),
    "request line too long": (b"GET /" + b"a" * 9000 + b" HTTP/1.1\r\n" + HOST + b"\r\n", 414),
    "request line without end": (b"GET /" + b"a" * 9000, 414),
    "too many headers": (b"GET /hello HTTP/1.1\r\n" + HOST + b"X: a\r\n" * 100 + b"\r\n", 431),
    "headers too large": (b"GET /hello HTTP/1.1\r\n" + HOST + (b"X: " + b"a" * 9000 + b"\r\n") * 8 + b"\r\n", 431),
    "header without end": (b"GET /hello HTTP/1.1\r\n" + HOST + b"X: " + b"a" * 70_000, 431),
}


@pytest.mark.parametrize("name", MALFORMED)
def test_malformed_requests(shared_site: Site, name: str) -> None:  # noqa: F811
    data, status = MALFORMED[name]
    logged = shared_site.program.printed.count(f"refused with {status}")
    # With a good request behind it, which must not be answered: that is how requests are smuggled.
    wire = shared_site.wire()
    wire.send(data + b"GET /hello HTTP/1.1\r\nHost: a\r\n\r\n" * (not name.endswith("without end")))
    answer = wire.answer()
    assert (answer.status, answer.all("Connection")) == (status, ["close"])
    assert answer.all("Content-Type") == ["text/plain; charset=utf-8"]
    assert answer.body.startswith(f"{status}: ".encode())
    assert wire.closed()
    shared_site.program.wait_for(f"refused with {status}, ", count=logged + 1)


def test_the_largest_heads_allowed(shared_site: Site) -> None:  # noqa: F811
    wire = shared_site.wire()
    line = b"GET /method?%s HTTP/1.1\r\n" % (b"a" * (8192 - 22))
    wire.send(line + HOST + b"X: b\r\n" * 99 + b"\r\n" + line + HOST + b"X: %s\r\n" % (b"a" * 50_000) + b"\r\n")
    assert [wire.answer().status for _ in range(2)] == [200, 200]


def test_broken_chunk_while_the_app_reads(shared_site: Site) -> None:  # noqa: F811
    wire = shared_site.wire()
    wire.send(b"POST /size HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n")
    wire.send(b"nonsense\r\n")
    answer = wire.answer()
    assert (answer.status, answer.all("Connection")) == (400, ["close"])


def test_headers_with_underscores_are_dropped(shared_site: Site) -> None:  # noqa: F811
    wire = shared_site.wire()
    wire.send(b"POST /echo HTTP/1.1\r\nHost: a\r\nContent_Length: 50\r\nContent-Length: 2\r\n\r\nhi")
    assert wire.answer().body == b"hi"


def elapsed(started: float) -> float:
    return time.monotonic() - started


def test_slow_headers(start_site: StartSite) -> None:  # noqa: F811
    site = start_site("--header-timeout", "0.5")
    started = time.monotonic()
    silent, slow = site.wire(), site.wire()
    slow.send(b"GET /hello HTTP/1.1\r\n")
    assert slow.answer().status == 408
    assert slow.closed()
    # Nothing was asked, so nothing is answered.
    assert silent.closed()
    # Neither does dripping help: it is the head's time in all that counts.
    dripping = site.wire()
    dripping.socket.settimeout(0.1)
    dripping.send(b"GET / HTTP/1.1\r\n")
    for _ in range(40):
        dripping.send(b"X: y\r\n")
        with contextlib.suppress(TimeoutError):
            assert dripping.answer().status == 408
            break
    assert 0.5 <= elapsed(started) < 5


def test_slow_bodies(start_site: StartSite) -> None:  # noqa: F811
    site = start_site("--body-timeout", "0.5")
    small, large, chunked = site.wire(), site.wire(), site.wire()
    small.send(b"POST /echo HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\nhell")
    large.send(b"POST /size HTTP/1.1\r\nHost: a\r\nContent-Length: 100000\r\n\r\nhell")
    chunked.send(b"POST /size HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhell")
    for wire in (small, large, chunked):
        assert wire.answer().status == 408
        assert wire.closed()


def test_idle_connections(start_site: StartSite) -> None:  # noqa: F811
    site = start_site("--keep-alive", "0.5")
    wire = site.wire()
    for _ in range(2):
        wire.send(b"GET /hello HTTP/1.1\r\nHost: a\r\n\r\n")
        assert wire.answer().body == b"hello"
    assert wire.closed()


def test_client_that_does_not_read(start_site: StartSite) -> None:  # noqa: F811
    site = start_site("--write-timeout", "0.5")
    wire = site.wire()
    wire.socket.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
    wire.send(b"GET /endless?0 HTTP/1.1\r\nHost: a\r\n\r\n")
    site.program.wait_for("closed endless on its own thread")


def test_limits_are_options(start_site: StartSite) -> None:  # noqa: F811
    site = start_site("--limit-request-line", "50", "--limit-request-fields", "2", "--limit-request-head", "500")
    for head, status in [
        (b"GET /hello HTTP/1.1\r\nHost: a\r\nX: a\r\n\r\n", 200),
        (b"GET /" + b"a" * 60 + b" HTTP/1.1\r\nHost: a\r\n\r\n", 414),
        (b"GET /hello HTTP/1.1\r\nHost: a\r\nX: a\r\nY: a\r\n\r\n", 431),
        (b"GET /hello HTTP/1.1\r\nHost: a\r\nX: " + b"a" * 600 + b"\r\n\r\n", 431),
    ]:
        wire = site.wire()
        wire.send(head)
        assert wire.answer().status == status
