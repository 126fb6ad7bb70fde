"""Starts servers for tests and knows where they listen. It must not know what is tested."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from .program import Program
from .wire import Wire

APP = f"{Path(__file__).with_name('server_program.py')}:app"
PORT = r" on http://127\.0\.0\.1:(\d+)"


class Site:
    """A running server."""

    def __init__(self, program: Program) -> None:
        self.program = program
        # Printed when the socket listens already.
        self.port = int(program.wait_for(PORT)[1])

    def wire(self) -> Wire:
        return Wire(self.port)

    def ask(self, text: str, body: bytes = b"") -> bytes:
        """Send a simple request and return the answer's body: ``ask("GET /path")``."""
        wire = self.wire()
        length = f"Content-Length: {len(body)}\r\n" if body else ""
        wire.send(f"{text} HTTP/1.1\r\nHost: a\r\nConnection: close\r\n{length}\r\n".encode() + body)
        answer = wire.answer().body
        wire.close()
        return answer


def serve_command(*options: str) -> list[str]:
    return [sys.executable, "-m", "ferroflask", "serve", APP, "--bind", "127.0.0.1:0", *options]


def develop_command(*options: str) -> list[str]:
    return [sys.executable, APP.removesuffix(":app"), "0", *options]


@pytest.fixture(scope="module")
def shared_site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """A server with default options for the tests that leave it as they found it."""
    program = Program(serve_command(), tmp_path_factory.mktemp("site"))
    yield Site(program)
    program.end()


StartSite = Callable[..., Site]


@pytest.fixture
def start_site(start_program: Callable[..., Program]) -> StartSite:
    """Start `ferroflask serve` with the given options."""
    return lambda *options: Site(start_program(serve_command(*options)))


@pytest.fixture
def start_develop(start_program: Callable[..., Program]) -> StartSite:
    """Start the development server."""
    return lambda *options: Site(start_program(develop_command(*options)))
