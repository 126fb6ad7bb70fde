"""All cases, series by series."""

from __future__ import annotations

from . import cases_003
from .harness.scenario import Scenario

SCENARIOS: tuple[Scenario, ...] = (*cases_003.SCENARIOS,)
