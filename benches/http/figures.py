"""Best, spread and ratio of measured values: pure arithmetic, and how it is spelled in a table."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

__all__ = ["Figure", "figure_of", "ratio_text", "spread_text", "times_better", "value_text"]


@dataclass(frozen=True)
class Figure:
    """What the rounds came to, in the unit of the values."""

    best: float
    low: float
    high: float


def figure_of(values: Sequence[float], *, less_is_better: bool) -> Figure | None:
    """Return the best value and the spread; None when nothing was measured."""
    if not values:
        return None
    low, high = min(values), max(values)
    return Figure(best=low if less_is_better else high, low=low, high=high)


def times_better(stock: Figure | None, ours: Figure | None, *, less_is_better: bool) -> float | None:
    """Return how many times better our best is than stock's; above 1 is in our favour, None cannot be told."""
    if stock is None or ours is None:
        return None
    over, under = (stock.best, ours.best) if less_is_better else (ours.best, stock.best)
    return over / under if under > 0 else None


def value_text(value: float) -> str:
    """Return the value with three digits that count, thousands apart: ``0.123``, ``12.3``, ``12,345``."""
    size = abs(value)
    if size >= 100:
        return f"{value:,.0f}"
    if size >= 10:
        return f"{value:.1f}"
    return f"{value:.2f}" if size >= 1 else f"{value:.3f}"


def spread_text(figure: Figure | None) -> str:
    """Return ``best (low–high)``, or a dash where nothing was measured."""
    if figure is None:
        return "–"
    return f"{value_text(figure.best)} ({value_text(figure.low)}–{value_text(figure.high)})"


def ratio_text(ratio: float | None) -> str:
    return "–" if ratio is None else f"×{ratio:.1f}" if ratio >= 2 else f"×{ratio:.2f}"
