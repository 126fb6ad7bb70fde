"""What clients can make the server keep in memory. The figures are those of the process, with room for chance."""

from __future__ import annotations

import os
import re
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from ..live.program import Program
from ..live.serving import Site, serve_command
from .servers import gunicorn, ours, server, slow_reader  # noqa: F401

MIB = 1024 * 1024
GET = b"GET %s HTTP/1.1\r\nHost: a\r\n\r\n"

REFUSING = """
import gc, flask

app = flask.Flask(__name__)

def refuse(environ, start):
    answer = b"no"
    if environ["PATH_INFO"] == "/requests":
        gc.collect()
        answer = str(sum(isinstance(found, flask.Request) for found in gc.get_objects())).encode()
    elif flask.Request(environ).headers.get("X-Key") == "k":
        return flask_app(environ, start)
    start("401 NO", [("Content-Length", str(len(answer)))])
    return [answer]

flask_app, app.wsgi_app = app.wsgi_app, refuse
"""

pytestmark = pytest.mark.skipif(not os.path.isdir("/proc/self"), reason="reads /proc")


def memory(pid: int) -> int:
    """Return the resident memory of a process and its children, in MiB."""
    found = re.search(r"^VmRSS:\s+(\d+) kB", Path(f"/proc/{pid}/status").read_text(encoding="ascii"), re.MULTILINE)
    children = Path(f"/proc/{pid}/task/{pid}/children").read_text(encoding="ascii").split()
    return (int(found[1]) // 1024 if found else 0) + sum(memory(int(child)) for child in children)


def test_slow_readers_of_one_large_object(server: Site) -> None:  # noqa: F811
    """Sixty of them have it once, as with gunicorn (whose threads are for four of them at a time)."""
    wires = [slow_reader(server, GET % b"/large")]
    idle = memory(server.program.process.pid)
    wires += [slow_reader(server, GET % b"/large") for _ in range(59 if type(server) is Site else 3)]
    assert memory(server.program.process.pid) - idle < 20
    for wire in wires:
        wire.close()


def test_slow_readers_of_large_pieces(start_program: Callable[..., Program]) -> None:
    """Of each stream few pieces are there: three of 2 MB, and not as many as there are small ones."""
    site = Site(start_program(serve_command()))
    idle = memory(site.program.process.pid)
    wires = [slow_reader(site, GET % b"/large-stream?2000000") for _ in range(10)]
    time.sleep(1)
    assert memory(site.program.process.pid) - idle < 100
    for wire in wires:
        wire.close()


@pytest.mark.slow
def test_idle_connections_keep_no_large_buffer(start_program: Callable[..., Program]) -> None:
    # Each of the C library's arenas keeps some of what was freed, and there can be one for each thread.
    site = Site(start_program(serve_command(), MALLOC_ARENA_MAX="2"))
    wires = [site.wire() for _ in range(400)]
    for wire in wires:
        wire.send(GET % b"/hello")
        wire.answer()
    idle = memory(site.program.process.pid)
    for wire in wires:
        wire.send(b"POST /echo HTTP/1.1\r\nHost: a\r\nContent-Length: 60000\r\n\r\n" + b"x" * 60_000)
        wire.answer()
        wire.send(b"POST /size HTTP/1.1\r\nHost: a\r\nContent-Length: 3000000\r\n\r\n" + b"x" * 3_000_000)
        assert wire.answer().body == b"3000000"
        wire.send(GET % b"/hello")
        wire.answer()
    # 64 KiB for each would be 25 MiB.
    assert memory(site.program.process.pid) - idle < 15
    for wire in wires:
        wire.close()


@pytest.mark.parametrize("size", [1000, 1_000_000])
def test_a_body_that_was_sent_is_released(ours: Site, size: int) -> None:  # noqa: F811
    """Also when no other request comes."""
    before = ours.program.printed.count(f"released {size}")
    wire = ours.wire()
    for number in range(1, 4):
        wire.send(GET % b"/marked?%d" % size)
        assert len(wire.answer().body) == size
        ours.program.wait_for(f"released {size}", seconds=3, count=before + number)
    wire.close()


def test_refused_uploads_leave_nothing(start_program: Callable[..., Program], tmp_path: Path) -> None:
    """A middleware makes a request of its own and answers by itself: the request and its body are there until the next
    collection, as with stock, and not for good."""
    (tmp_path / "program.py").write_text(REFUSING)
    command = serve_command()
    command[command.index("serve") + 1] = "program:app"
    site = Site(start_program(command))
    for _ in range(20):
        assert site.ask("POST /", b"x" * MIB) == b"no"
    assert site.ask("GET /requests") == b"0"
