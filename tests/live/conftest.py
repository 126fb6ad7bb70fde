"""What live tests share: programs that are ended when their test is over."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import pytest

from .program import Program


@pytest.fixture
def start_program(tmp_path: Path) -> Iterator[Callable[..., Program]]:
    """Start a command in the test's own folder: ``start_program([sys.executable, "app.py"], NAME="value")``."""
    started: list[Program] = []

    def start(command: Sequence[str], **settings: str) -> Program:
        program = Program(command, tmp_path, **settings)
        started.append(program)
        return program

    yield start
    for program in started:
        program.end()
        # pytest shows it when the test failed.
        print(program.printed)
