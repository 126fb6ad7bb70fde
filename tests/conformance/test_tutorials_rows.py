"""The cases are complete, and their two sides are two engines."""

from __future__ import annotations

from .catalogue import SCENARIOS
from .harness.sides import Side
from .rows import ROWS


def test_every_example_has_a_case() -> None:
    covered = {row for each in SCENARIOS for row in each.rows}
    covered |= {row for each in SCENARIOS for step in each.questions for row in step.rows}
    assert covered == ROWS


def test_names_are_unique() -> None:
    names = [each.name for each in SCENARIOS]
    assert len(names) == len(set(names))


def test_the_sides_are_two_engines() -> None:
    assert "ferroflask" in Side.OURS.engine()
    assert "ferroflask" not in Side.STOCK.engine()
