"""All cases, series by series."""

from __future__ import annotations

from . import cases_000, cases_001, cases_002, cases_002_commands, cases_003, cases_004
from .harness.scenario import Scenario

SCENARIOS: tuple[Scenario, ...] = tuple(
    scenario
    for series in (cases_000, cases_001, cases_002, cases_002_commands, cases_003, cases_004)
    for scenario in series.SCENARIOS
)
