"""Clients that leave, or close their own side alone: what they asked for ends, or goes on, and the server does."""

from __future__ import annotations

import os
import socket
import time
from collections.abc import Callable

import pytest

from ..live.program import Program
from ..live.serving import Site, serve_command
from .servers import HELLO, gunicorn, ours, reset, server  # noqa: F401

SHUT = socket.SHUT_WR


def leave(site: Site, request: bytes, how: str) -> None:
    wire = site.wire()
    wire.send(request)
    if how == "resets":
        reset(wire)
    elif how == "shuts":
        wire.socket.shutdown(SHUT)
        wire.rest()
    wire.close()


MIDDLE = {
    "of a head": b"GET /hello HTTP/1.1\r\nHost: a\r\nX",
    "of a body": b"POST /size HTTP/1.1\r\nHost: a\r\nContent-Length: 100\r\n\r\nabc",
    "of a large body": b"POST /size HTTP/1.1\r\nHost: a\r\nContent-Length: 9000000\r\n\r\nabc",
    "of a chunk": b"POST /size HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nab",
}


@pytest.mark.parametrize("how", ["closes", "resets", "shuts"])
@pytest.mark.parametrize("where", MIDDLE)
def test_who_leaves_in_the_middle(ours: Site, where: str, how: str) -> None:  # noqa: F811
    """More often than there are threads; nobody is answered and nobody is held up."""
    for _ in range(10):
        leave(ours, MIDDLE[where], how)
    assert ours.ask("GET /hello") == b"hello"


@pytest.mark.parametrize("how", ["closes", "resets"])
@pytest.mark.parametrize("path", [b"/endless?0.01", b"/large-stream?100000"])
def test_who_leaves_in_the_middle_of_an_answer(ours: Site, path: bytes, how: str) -> None:  # noqa: F811
    name = path[1:].split(b"?")[0].removesuffix(b"-stream").decode()
    before = ours.program.printed.count(f"closed {name}")
    for number in range(1, 6):
        wire = ours.wire()
        wire.send(b"GET %s HTTP/1.1\r\nHost: a\r\n\r\n" % path)
        wire.take(3000)
        if how == "resets":
            reset(wire)
        wire.close()
        ours.program.wait_for(f"closed {name}", count=before + number)


def test_who_closes_its_own_side_gets_its_answer(server: Site) -> None:  # noqa: F811
    """On both servers, also one that takes its time."""
    for path, body in [(b"/hello", b"hello"), (b"/sleep?0.5", b"slept")]:
        wire = server.wire()
        wire.send(b"GET %s HTTP/1.1\r\nHost: a\r\n\r\n" % path)
        wire.socket.shutdown(SHUT)
        assert wire.answer().body == body
        wire.close()


def test_who_closes_its_own_side_gets_its_stream(ours: Site) -> None:  # noqa: F811
    wire = ours.wire()
    wire.send(b"GET /quiet-stream HTTP/1.1\r\nHost: a\r\n\r\n")
    wire.take_until(b"first\r\n")
    wire.socket.shutdown(SHUT)
    time.sleep(1)
    assert ours.ask("GET /noise") == b"made"
    assert wire.rest() == b"6\r\nsecond\r\n0\r\n\r\n"
    wire.close()


def sockets(site: Site) -> int:
    folder = f"/proc/{site.program.process.pid}/fd"
    return sum(os.path.realpath(entry.path).startswith(f"{folder}/socket:") for entry in os.scandir(folder))


@pytest.mark.skipif(not os.path.isdir("/proc/self/fd"), reason="reads /proc")
@pytest.mark.parametrize(("how", "seconds"), [("resets", 3), pytest.param("closes", 15, marks=pytest.mark.slow)])
def test_who_leaves_a_quiet_stream_is_noticed(start_program: Callable[..., Program], how: str, seconds: int) -> None:
    """Without a piece to send: at once if the connection is broken, after ten seconds if it is only closed."""
    site = Site(start_program(serve_command()))
    wires = [site.wire() for _ in range(3)]
    for wire in wires:
        wire.send(b"GET /quiet-stream HTTP/1.1\r\nHost: a\r\n\r\n")
        wire.take_until(b"first\r\n")
    busy = sockets(site)
    for wire in wires:
        if how == "resets":
            reset(wire)
        wire.close()
    deadline = time.monotonic() + seconds
    while sockets(site) > busy - len(wires):
        assert time.monotonic() < deadline
        time.sleep(0.05)


@pytest.mark.parametrize(("how", "wait"), [("resets", 0.2), ("closes", 1.5)])
def test_a_view_is_not_begun_for_who_has_left(start_program: Callable[..., Program], how: str, wait: float) -> None:
    site = Site(start_program(serve_command("--threads", "1")))
    busy, last = site.wire(), site.wire()
    busy.send(b"GET /sleep?3 HTTP/1.1\r\nHost: a\r\n\r\n")
    site.program.wait_for("sleeping")
    left = [site.wire() for _ in range(5)]
    for wire in left:
        wire.send(b"GET /sleep?9 HTTP/1.1\r\nHost: a\r\n\r\n")
    last.send(HELLO)
    for wire in left:
        if how == "resets":
            reset(wire)
        wire.close()
    time.sleep(wait)
    assert busy.answer().body == b"slept"
    assert last.answer().body == b"hello"
    assert site.program.printed.count("sleeping") == 1
