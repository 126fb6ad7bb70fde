"""All cases, series by series."""

from __future__ import annotations

from . import cases_002, cases_003, cases_004
from .harness.scenario import Scenario

SCENARIOS: tuple[Scenario, ...] = (*cases_002.SCENARIOS, *cases_003.SCENARIOS, *cases_004.SCENARIOS)
