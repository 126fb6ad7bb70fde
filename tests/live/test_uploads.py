"""Uploads of all sizes: what arrives is what was sent, and a large one does not fill the memory."""

from __future__ import annotations

import hashlib
import random
import re
import socket
import sys
import threading
import typing as t
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from .program import Program
from .serving import Site

COMMAND = [sys.executable, "-m", "ferroflask", "serve", f"{Path(__file__).with_name('upload_program.py')}:app"]
KIB, MIB = 1024, 1024 * 1024
# Collected at once, collected when there is room, kept in memory or spooled to disk, and larger than all of it.
SIZES = [0, 1, 60 * KIB, 65 * KIB, 512_000, 512_001, MIB, 2 * MIB - 200, 2 * MIB, 3 * MIB + 1]
LARGE = 20 * MIB
END = b"\r\n--b--\r\n"


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    program = Program([*COMMAND, "--bind", "127.0.0.1:0"], tmp_path_factory.mktemp("uploads"))
    yield Site(program)
    program.end()


def noise(size: int) -> bytes:
    return random.Random(size).randbytes(size)


def part(name: str, data: bytes, filename: str | None = None) -> bytes:
    file = f'; filename="{filename}"' if filename else ""
    return f'--b\r\nContent-Disposition: form-data; name="{name}"{file}\r\n\r\n'.encode() + data


def head(path: str, framing: str) -> bytes:
    kind = "multipart/form-data; boundary=b"
    return f"POST {path} HTTP/1.1\r\nHost: a\r\nContent-Type: {kind}\r\n{framing}\r\n\r\n".encode()


def post(site: Site, path: str, body: bytes, chunk: int = 0) -> str:
    """Send a body, by chunks of a size or by its length, and return the answer's."""
    wire = site.wire()
    if chunk:
        wire.send(head(path, "Transfer-Encoding: chunked"))
        pieces = (body[at : at + chunk] for at in range(0, len(body), chunk))
        wire.send(b"".join(b"%x\r\n%b\r\n" % (len(piece), piece) for piece in pieces) + b"0\r\n\r\n")
    else:
        wire.send(head(path, f"Content-Length: {len(body)}") + body)
    answer = wire.answer()
    wire.close()
    assert answer.status == 200, answer
    return answer.body.decode()


def told(data: bytes) -> str:
    return f"{len(data)} {hashlib.sha256(data).hexdigest()}"


@pytest.mark.parametrize("chunk", [0, 1000, 50_000, MIB])
@pytest.mark.parametrize("size", SIZES)
def test_files_arrive_as_they_were_sent(site: Site, size: int, chunk: int) -> None:
    data, other = noise(size), b"\r\n--" * (size // 8)
    parts = [part("one", data, "1"), part("field", b"text"), part("two", other, "2"), part("one", b"", "3")]
    answer = post(site, "/files", b"\r\n".join(parts) + END, chunk)
    assert answer == f"one {told(data)}\none {told(b'')}\ntwo {told(other)}\n{ {'field': 'text'} }"


@pytest.mark.parametrize("chunk", [0, 50_000])
@pytest.mark.parametrize("size", SIZES[1:])
def test_streams_arrive_as_they_were_sent(site: Site, size: int, chunk: int) -> None:
    data = noise(size)
    assert post(site, "/body", data, chunk) == told(data)


def test_a_line_is_read_before_the_rest_is_sent(site: Site) -> None:
    """A reader that is content with little does not wait for a full piece."""
    wire = site.wire()
    wire.send(head("/lines", f"Content-Length: {3 * MIB}\r\nExpect: 100-continue"))
    assert wire.take_until(b"\r\n\r\n") == b"HTTP/1.1 100 Continue"
    rest = noise(3 * MIB - 6)
    wire.send(b"first\n")
    site.program.wait_for(r"read: b'first\\n'")
    wire.send(rest)
    assert wire.answer().body.decode() == told(rest)
    wire.close()


def test_many_connections_are_used_again(site: Site) -> None:
    """Also after a body that nobody looked at."""
    wire = site.wire()
    for path in ["/body", "/unread", "/body", "/unread", "/body"]:
        wire.send(head(path, f"Content-Length: {MIB}") + b"x" * MIB)
        expected = told(b"x" * MIB) if path == "/body" else "did not look"
        assert wire.answer().body.decode() == expected
    wire.close()


@pytest.mark.parametrize("size", [100 * KIB, MIB, 5 * MIB])
def test_the_view_notices_who_breaks_off(site: Site, size: int) -> None:
    before = len(re.findall("broken off: 400", site.program.printed))
    wire = site.wire()
    wire.send(head("/files", f"Content-Length: {size}") + part("a", b"x" * (size // 2), "a"))
    wire.socket.shutdown(socket.SHUT_WR)
    site.program.wait_for("broken off: 400", count=before + 1)
    wire.close()


def test_clients_half_way_hold_no_thread(site: Site) -> None:
    """More of them than there are threads."""
    body = part("a", noise(100 * KIB), "a") + END
    waiting = [site.wire() for _ in range(100)]
    for wire in waiting:
        wire.send(head("/files", f"Content-Length: {len(body)}") + body[:-10])
    assert site.ask("GET /") == b"hello"
    for wire in waiting:
        wire.send(body[-10:])
        assert wire.answer().status == 200
        wire.close()


def memory(site: Site, name: str) -> int:
    """Return a figure of the server's memory, in bytes."""
    status = Path(f"/proc/{site.program.process.pid}/status").read_text(encoding="ascii")
    found = re.search(rf"^{name}:\s+(\d+) kB", status, re.MULTILINE)
    assert found
    return int(found[1]) * KIB


def in_threads(count: int, do: Callable[[], t.Any]) -> None:
    failures: list[BaseException] = []

    def run() -> None:
        try:
            do()
        except BaseException as error:
            failures.append(error)

    threads = [threading.Thread(target=run) for _ in range(count)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failures == []


@pytest.mark.skipif(sys.platform != "linux", reason="reads /proc")
@pytest.mark.parametrize("chunk", [0, 100_000])
def test_large_uploads_do_not_fill_the_memory(start_program: Callable[..., Program], chunk: int) -> None:
    site = Site(start_program([*COMMAND, "--bind", "127.0.0.1:0"]))
    data = noise(LARGE)
    body, answer = part("a", data, "a") + END, f"a {told(data)}\n{ {} }"

    def upload() -> None:
        assert post(site, "/files", body, chunk) == answer

    assert post(site, "/files", part("a", b"small", "a") + END)
    idle = memory(site, "VmRSS")
    for _ in range(3):
        upload()
    assert memory(site, "VmHWM") - idle < 8 * MIB
    in_threads(4, upload)
    assert memory(site, "VmHWM") - idle < 16 * MIB
