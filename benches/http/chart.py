"""The chart of CPU per request, as SVG and PNG. The same figures make the same bytes."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from .figures import ratio_text, times_better, value_text
from .results import GroupResult, RowResult

__all__ = ["NoMatplotlib", "write_chart"]

COLOURS = {"gunicorn": "#9aa5b1", "granian": "#5b7083"}
OTHERS = ("#c9b458", "#8e6fa8", "#5f9e8f")
OURS = "#c2410c"
BAR = 0.26
INCHES_PER_ROW = 0.5


class NoMatplotlib(Exception):
    """The chart needs matplotlib, which is not installed here."""


def write_chart(folder: Path, result: GroupResult) -> list[str]:
    """Draw the CPU rows of a result; return the names of the files, none when there is nothing to draw.

    Raises NoMatplotlib where it is not installed.
    """
    panels = [rows for large in (False, True) if (rows := drawable(result, large=large))]
    if not panels:
        return []
    try:
        import matplotlib
        from matplotlib.figure import Figure
    except ImportError:
        raise NoMatplotlib("no chart: matplotlib is not installed (`make bench` installs it)") from None
    heights = [len(rows) for rows in panels]
    # The hash names the parts of the SVG, and is random otherwise.
    with matplotlib.rc_context({"svg.hashsalt": "ferroflask", "font.family": "DejaVu Sans", "font.size": 9}):
        figure = Figure(figsize=(9, INCHES_PER_ROW * sum(heights) + 1.2 * len(panels)), layout="constrained")
        grid = figure.subplots(len(panels), 1, squeeze=False, height_ratios=[height + 1 for height in heights])
        for (axes,), rows in zip(grid, panels, strict=True):
            draw(axes, result, rows)
        figure.legend(*grid[0][0].get_legend_handles_labels(), loc="outside upper right", ncols=3, frameon=False)
        files = [f"{result.group}.svg", f"{result.group}.png"]
        figure.savefig(folder / files[0], metadata={"Date": None, "Creator": None})
        figure.savefig(folder / files[1], dpi=150, metadata={"Software": None})
    return files


def drawable(result: GroupResult, *, large: bool) -> list[RowResult]:
    """Return the rows of one scale that have our figure."""
    rows = [row for row in result.rows if row.row.metric == "CPU" and row.row.large == large]
    return [row for row in rows if row.figure(result.ours)]


def draw(axes: Any, result: GroupResult, rows: Sequence[RowResult]) -> None:
    """Draw one panel: a group of bars per row, the first row on top."""
    milliseconds = rows[0].row.large
    scale = 1e-3 if milliseconds else 1.0
    sides = list(result.sides)
    for number, side in enumerate(sides):
        at = [index + (number - (len(sides) - 1) / 2) * BAR for index in range(len(rows))]
        figures = [row.figure(side) for row in rows]
        lengths = [figure.best * scale if figure else 0.0 for figure in figures]
        bars = axes.barh(at, lengths, height=BAR * 0.92, color=colour(result, side), label=label(result, side))
        texts = [
            f"{value_text(length)}{advantage(result, side, row)}" if length else "failed"
            for length, row in zip(lengths, rows, strict=True)
        ]
        axes.bar_label(bars, texts, padding=3, fontsize=8, fontweight="bold" if side == result.ours else "normal")
    axes.set_yticks(range(len(rows)), [row.row.name for row in rows])
    axes.invert_yaxis()
    axes.margins(x=0.16, y=0.01)
    axes.set_title(f"CPU per request, {'ms' if milliseconds else 'µs'} (less is better)", loc="left", fontsize=10)
    axes.spines[["top", "right", "left"]].set_visible(False)
    axes.tick_params(axis="y", length=0)


def advantage(result: GroupResult, side: str, row: RowResult) -> str:
    """Return what stands behind our bar: the ratio to each stock server."""
    if side != result.ours:
        return ""
    ratios = [times_better(row.figure(stock), row.figure(side), less_is_better=True) for stock in result.stock]
    shown = [f"{ratio_text(ratio)} {stock}" for ratio, stock in zip(ratios, result.stock, strict=True) if ratio]
    return f"  ({', '.join(shown)})" if shown else ""


def colour(result: GroupResult, side: str) -> str:
    if side == result.ours:
        return OURS
    return COLOURS.get(side) or OTHERS[result.stock.index(side) % len(OTHERS)]


def label(result: GroupResult, side: str) -> str:
    return side if side == result.ours else f"stock Flask on {side}"
