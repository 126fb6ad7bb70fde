"""Who has a turn when, and what becomes of a measure that fails."""

from __future__ import annotations

import os
import socket
from pathlib import Path

import pytest
from benches.http.machine import Cpus
from benches.http.results import Row, Sample
from benches.http.rounds import Found, Group, run_group, turns
from benches.http.server_process import NotStarted, PortTaken, ServerProcess, free_port, require_free
from benches.http.settings import Settings
from benches.http.sides import SERVERS, Side, side_of

SIDES = [Side("a"), Side("b"), Side("c")]
SETTINGS = Settings(rounds=2, seconds=1, cpus=Cpus(0, 0))


def test_each_round_begins_with_another_side() -> None:
    order = "".join(side.name for _, side in turns(SIDES, 4))
    assert order == "abcbcacababc"


def test_every_round_of_every_side_is_kept() -> None:
    row = Row("hello")
    values = iter(range(6))

    def measure(side: Side, settings: Settings) -> Found:
        yield row, Sample(float(next(values)), "broken" if side.name == "b" else "")

    told: list[str] = []
    result = run_group(Group("works", [row], SIDES, measure), SETTINGS, told.append)
    kept = {side: [sample.value for sample in samples] for side, samples in result.rows[0].samples.items()}
    assert kept == {"a": [0.0, 5.0], "b": [1.0, 3.0], "c": [2.0, 4.0]}
    assert result.faults() == ["hello (CPU) on b: broken"]
    assert len(told) == 6


def test_a_taken_port_is_refused() -> None:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        listener.listen()
        with pytest.raises(PortTaken, match="is taken"):
            require_free(listener.getsockname()[1])


def test_a_server_that_ends_says_what_it_printed(tmp_path: Path) -> None:
    cpus = ",".join(map(str, os.sched_getaffinity(0)))
    server = ServerProcess(
        ["sh", "-c", "echo no such application; exit 3"], cpus, free_port(), tmp_path, dict(os.environ)
    )
    with pytest.raises(NotStarted, match="no such application"), server:
        pass


def test_sides_of_the_command_line() -> None:
    assert side_of("granian") is SERVERS["granian"]
    mine = side_of("mine=waitress --port {port} {app}")
    assert mine.argv("works:app", 8000) == ["waitress", "--port", "8000", "works:app"]
    with pytest.raises(ValueError, match="no server 'apache'"):
        side_of("apache")
