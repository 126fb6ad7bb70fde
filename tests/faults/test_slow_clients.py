"""Clients that are silent or slow: how long each is borne with, and whether others are served meanwhile."""

from __future__ import annotations

import time
from collections.abc import Callable

import pytest

from ..live.program import Program
from ..live.serving import Site, serve_command
from .servers import HELLO, gunicorn, ours, server, slow_reader  # noqa: F401

POST = b"POST /size HTTP/1.1\r\nHost: a\r\n"

#: What is sent, what ours answers before it closes, and what gunicorn has done by then.
SLOW: dict[str, tuple[bytes, bytes, str]] = {
    "silent": (b"", b"", "waits"),
    "slow request line": (b"GET /hel", b"HTTP/1.1 408 ", "waits"),
    "slow header": (b"GET /hello HTTP/1.1\r\nHost: a\r\nX-", b"HTTP/1.1 408 ", "waits"),
    "slow body": (POST + b"Content-Length: 10\r\n\r\n12345", b"HTTP/1.1 408 ", "waits"),
    "slow large body": (POST + b"Content-Length: 5000000\r\n\r\n12345", b"HTTP/1.1 408 ", "waits"),
    "slow chunk": (POST + b"Transfer-Encoding: chunked\r\n\r\n5\r\nab", b"HTTP/1.1 408 ", "waits"),
    "slow trailers": (POST + b"Transfer-Encoding: chunked\r\n\r\n0\r\nX: y\r\n", b"HTTP/1.1 408 ", "waits"),
}


@pytest.mark.parametrize("case", SLOW)
def test_how_long_a_slow_client_is_borne_with(server: Site, case: str) -> None:  # noqa: F811
    sent, answered, beside = SLOW[case]
    wire = server.wire()
    wire.send(sent)
    if type(server) is Site:
        assert wire.rest()[: len(answered) or None] == answered
    else:
        wire.socket.settimeout(1.5)
        with pytest.raises(TimeoutError):
            wire.rest()
        assert beside == "waits"
    wire.close()


WAITED_FOR_BY_A_THREAD = {"slow large body", "slow chunk", "slow trailers"}
XFAIL = pytest.mark.xfail(reason="a body that is large or of unknown length is waited for by a thread of the views")


@pytest.mark.slow
@pytest.mark.parametrize(
    "case", [pytest.param(case, marks=XFAIL) if case in WAITED_FOR_BY_A_THREAD else case for case in SLOW]
)
def test_others_are_served_beside_many_slow_ones(start_program: Callable[..., Program], case: str) -> None:
    """More of them than there are threads, and patience for an hour."""
    patience = [word for name in ("header", "body", "write") for word in (f"--{name}-timeout", "3600")]
    site = Site(start_program(serve_command("--threads", "4", *patience)))
    wires = [site.wire() for _ in range(50)]
    for wire in wires:
        wire.send(SLOW[case][0])
    probe = site.wire()
    probe.socket.settimeout(4)
    for _ in range(5):
        probe.send(HELLO)
        assert probe.answer().body == b"hello"
    for wire in wires:
        wire.close()


@pytest.mark.parametrize("path", [b"/large", b"/large-stream?100000", b"/endless?0"])
def test_who_does_not_read_is_left(ours: Site, path: bytes) -> None:  # noqa: F811
    """gunicorn waits for as long as the client likes."""
    started = time.monotonic()
    wire = slow_reader(ours, b"GET %s HTTP/1.1\r\nHost: a\r\n\r\n" % path)
    time.sleep(1.5)
    try:
        while wire.socket.recv(1_000_000):
            pass
    except ConnectionResetError:
        pass
    assert time.monotonic() - started < 10
    wire.close()
