"""Who is measured when: the sides take turns, each round beginning with another one. Knows no measure."""

from __future__ import annotations

import datetime
from collections.abc import Callable, Generator, Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass

from .machine import load_average, machine, versions
from .results import GroupResult, Row, RowResult, Sample
from .settings import Settings
from .sides import OURS, Side

__all__ = ["Found", "Group", "run_group", "turns"]

Found = Generator[tuple[Row, Sample], None, None]


@dataclass(frozen=True)
class Group:
    """Measures that belong together.

    `measure` takes one side's turn and yields every row once; `derive` may add rows that follow from those measured.
    """

    name: str
    rows: Sequence[Row]
    sides: Sequence[Side]
    measure: Callable[[Side, Settings], Found]
    derive: Callable[[GroupResult], list[RowResult]] = lambda _: []


def turns(sides: Sequence[Side], rounds: int) -> Iterator[tuple[int, Side]]:
    """Yield (round, side): nobody always comes first, when the machine may be cooler or quieter."""
    for number in range(rounds):
        start = number % len(sides)
        for side in (*sides[start:], *sides[:start]):
            yield number, side


def run_group(group: Group, settings: Settings, progress: Callable[[str], None]) -> GroupResult:
    """Measure a group; `progress` is told, after each row, what is being measured."""
    started = datetime.datetime.now(datetime.timezone.utc).isoformat(timespec="seconds")
    load_before = load_average()
    rows = {row: RowResult(row, {side.name: [] for side in group.sides}) for row in group.rows}
    for number, side in turns(group.sides, settings.rounds):
        # Closed at once when we are interrupted: a server must not run on until somebody collects the generator.
        with closing(group.measure(side, settings)) as found:
            for row, sample in found:
                rows[row].samples[side.name].append(sample)
                progress(f"{group.name}, round {number + 1} of {settings.rounds}: {side.name}, {row.name}")
    result = GroupResult(
        group=group.name,
        started=started,
        rounds=settings.rounds,
        seconds=settings.seconds,
        machine=machine(settings.cpus),
        versions=versions(),
        load=(load_before, load_average()),
        sides={side.name: side.shown for side in group.sides},
        ours=OURS,
        rows=list(rows.values()),
    )
    result.rows += group.derive(result)
    return result
