"""The servers that the cases run on: ours, and gunicorn with threads where one is installed, for what it does beside.

They serve the WSGI application of the live tests, which needs nothing of Flask.
"""

from __future__ import annotations

import shutil
import socket
import struct
from collections.abc import Iterator
from pathlib import Path

import pytest

from ..live.program import Program
from ..live.serving import APP, Site, serve_command
from ..live.wire import Wire

# Short enough to be waited for; gunicorn's threads have no such limits.
LIMITS = ("--header-timeout", "0.5", "--body-timeout", "0.5", "--write-timeout", "0.5", "--threads", "4")
HELLO = b"GET /hello HTTP/1.1\r\nHost: a\r\n\r\n"


class Gunicorn(Site):
    """gunicorn with as many threads."""

    def __init__(self, program: Program) -> None:
        self.program = program
        self.port = int(program.wait_for(r" at: http://127\.0\.0\.1:(\d+)")[1])


def gunicorn_command() -> list[str]:
    found = shutil.which("gunicorn")
    if found is None:
        pytest.skip("gunicorn is not installed")
    file, _, name = APP.rpartition(":")
    folder, module = Path(file).parent, Path(file).stem
    return [found, "-k", "gthread", "--threads", "4", "-b", "127.0.0.1:0", "--chdir", str(folder), f"{module}:{name}"]


@pytest.fixture(scope="module")
def ours(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    program = Program(serve_command(*LIMITS), tmp_path_factory.mktemp("ours"))
    yield Site(program)
    program.end()


@pytest.fixture(scope="module")
def gunicorn(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    program = Program(gunicorn_command(), tmp_path_factory.mktemp("gunicorn"))
    yield Gunicorn(program)
    program.end()


@pytest.fixture(params=["ours", "gunicorn"])
def server(request: pytest.FixtureRequest) -> Site:
    """One after the other."""
    site: Site = request.getfixturevalue(request.param)
    return site


def reset(wire: Wire) -> None:
    """Leave without a good-bye."""
    wire.socket.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    wire.close()


def slow_reader(site: Site, request: bytes) -> Wire:
    """Send a request, and read the first bytes of its answer alone."""
    wire = Wire.with_small_buffer(site.port)
    wire.send(request)
    wire.take(1)
    return wire
