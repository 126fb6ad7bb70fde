"""A group's table as rows of text, for the page and for the terminal alike."""

from __future__ import annotations

from .figures import ratio_text, spread_text, times_better
from .results import GroupResult, RowResult

__all__ = ["header", "lines"]

MARK = " **!**"


def header(result: GroupResult) -> list[str]:
    return ["", "unit", *result.sides, *[f"over {side}" for side in result.stock]]


def lines(result: GroupResult) -> list[list[str]]:
    """Return a line per row: name, unit, a figure with its spread per side, how many times better ours is than each."""
    return [[row.row.name, unit(row), *figures(result, row), *ratios(result, row)] for row in result.rows]


def unit(row: RowResult) -> str:
    return f"{row.row.metric}, {row.row.unit}"


def figures(result: GroupResult, row: RowResult) -> list[str]:
    return [spread_text(row.figure(side)) + MARK * bool(row.faults(side)) for side in result.sides]


def ratios(result: GroupResult, row: RowResult) -> list[str]:
    ours = row.figure(result.ours)
    return [
        ratio_text(times_better(row.figure(side), ours, less_is_better=row.row.less_is_better)) for side in result.stock
    ]
