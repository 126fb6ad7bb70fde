"""All cases, series by series."""

from __future__ import annotations

from . import (
    cases_article_series,
    cases_book_1_0,
    cases_book_1_0_commands,
    cases_chinese_course,
    cases_first_tutorial,
    cases_short_notes,
)
from .harness.scenario import Scenario

_SERIES = (
    cases_first_tutorial,
    cases_short_notes,
    cases_book_1_0,
    cases_book_1_0_commands,
    cases_article_series,
    cases_chinese_course,
)

SCENARIOS: tuple[Scenario, ...] = tuple(scenario for series in _SERIES for scenario in series.SCENARIOS)
