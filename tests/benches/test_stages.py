"""What fails is marked and the rest goes on; what two workers gain is told round by round."""

from __future__ import annotations

import os
from dataclasses import dataclass

import pytest
from benches.http.groups import NAMES, group
from benches.http.groups.scheduler import GAIN, ONE_WORKER, TWO_WORKERS, derived
from benches.http.machine import Cpus
from benches.http.results import GroupResult, Row, RowResult, Sample
from benches.http.server_process import ServerProcess
from benches.http.settings import Settings
from benches.http.sides import SERVERS, Side
from benches.http.stages import Stage, chosen_rows, measured, rows_of

CPU = min(os.sched_getaffinity(0))
SETTINGS = Settings(rounds=1, seconds=1, cpus=Cpus(CPU, CPU))
LISTENS = Side("listens", "python -m http.server --bind 127.0.0.1 {port}")


@dataclass(frozen=True)
class Told:
    """A measure that raises what it was given, or says which process it saw."""

    name: str
    error: Exception | None = None

    @property
    def rows(self) -> tuple[Row, ...]:
        return (Row(self.name),)

    def run(self, server: ServerProcess, settings: Settings) -> list[Sample]:
        if self.error is not None:
            raise self.error
        return [Sample(float(server.port))]


def test_a_failure_is_marked_and_a_fresh_server_goes_on() -> None:
    stage = Stage("", (Told("first"), Told("second", OSError("lost")), Told("third"), Told("fourth")), which="")
    first, second, third, fourth = (sample for _, sample in measured([stage], LISTENS, SETTINGS))
    assert (second.value, second.fault) == (None, "lost")
    assert first.value is not None
    assert first.value != third.value == fourth.value


def test_a_server_that_does_not_start_fails_every_row_once() -> None:
    stage = Stage("", (Told("first"), Told("second")), which="")
    broken = Side("broken", "sh -c 'echo no such module; exit 1'")
    faults = [sample.fault for _, sample in measured([stage, stage], broken, SETTINGS)]
    assert faults == ["did not start: no such module", "the server did not start"] * 2


def test_rows_are_chosen_by_name() -> None:
    stages = [Stage("a:app", (Told("first"), Told("second"))), Stage("b:app", (Told("third"),))]
    assert [row.name for row in rows_of(chosen_rows(stages, ["second"]))] == ["second"]
    assert chosen_rows(stages, []) == tuple(stages)


@pytest.mark.parametrize("name", NAMES)
def test_no_group_has_a_row_twice(name: str) -> None:
    rows = group(name, list(SERVERS.values())).rows
    assert len(set(rows)) == len(rows) > 0


def test_what_two_workers_gain() -> None:
    rows = [
        RowResult(Row(ONE_WORKER), {"ours": [Sample(100.0), Sample(50.0, "lost"), Sample(80.0)]}),
        RowResult(Row(TWO_WORKERS), {"ours": [Sample(190.0), Sample(100.0), Sample(None, "no answer")]}),
    ]
    result = GroupResult("scheduler", "", 3, 1, {}, {}, (0, 0), {"ours": ""}, "ours", rows)
    assert derived(result) == [
        RowResult(GAIN, {"ours": [Sample(1.9), Sample(None, "lost"), Sample(None, "no answer")]})
    ]
    result.rows = rows[:1]
    assert derived(result) == []
