"""Best, spread and ratio, and how they are spelled."""

from __future__ import annotations

import pytest
from benches.http.figures import Figure, figure_of, ratio_text, spread_text, times_better, value_text


@pytest.mark.parametrize(
    ("values", "less_is_better", "figure"),
    [
        ([12.0, 10.0, 11.0], True, Figure(best=10.0, low=10.0, high=12.0)),
        ([12.0, 10.0, 11.0], False, Figure(best=12.0, low=10.0, high=12.0)),
        ([7.5], True, Figure(best=7.5, low=7.5, high=7.5)),
        ([], True, None),
    ],
)
def test_best_and_spread(values: list[float], less_is_better: bool, figure: Figure | None) -> None:
    assert figure_of(values, less_is_better=less_is_better) == figure


@pytest.mark.parametrize(
    ("stock", "ours", "less_is_better", "ratio"),
    [
        (100.0, 10.0, True, 10.0),
        (10.0, 20.0, True, 0.5),
        (1_000.0, 30_000.0, False, 30.0),
        (100.0, 0.0, True, None),
        (None, 10.0, True, None),
        (100.0, None, False, None),
    ],
)
def test_times_better(stock: float | None, ours: float | None, less_is_better: bool, ratio: float | None) -> None:
    figures = [None if best is None else Figure(best, best, best) for best in (stock, ours)]
    assert times_better(*figures, less_is_better=less_is_better) == ratio


@pytest.mark.parametrize(
    ("value", "text"),
    [(0.1234, "0.123"), (1.234, "1.23"), (12.34, "12.3"), (123.4, "123"), (12_345.6, "12,346"), (0.0, "0.000")],
)
def test_three_digits_count(value: float, text: str) -> None:
    assert value_text(value) == text


def test_spread_and_ratio_as_text() -> None:
    assert spread_text(Figure(best=10.0, low=10.0, high=12.5)) == "10.0 (10.0–12.5)"
    assert [ratio_text(ratio) for ratio in (1.04, 10.28, None)] == ["×1.04", "×10.3", "–"]
    assert spread_text(None) == "–"
