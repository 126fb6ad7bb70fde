"""Every tutorial program: what it prints, logs and writes to files, and how it ends, ours beside stock."""

from __future__ import annotations

import re

import pytest

from .catalogue import SCENARIOS
from .harness.comparing import differing_output
from .harness.running import Outcomes
from .harness.scenario import Scenario

PROGRAMS = [pytest.param(each, id=f"{'+'.join(each.rows) or 'other'} {each.name}") for each in SCENARIOS]
WARNING = [pytest.param(each, id=f"{'+'.join(each.rows)} {each.name}") for each in SCENARIOS if each.ours_warns]


@pytest.mark.parametrize("scenario", PROGRAMS)
def test_output(scenario: Scenario, outcomes: Outcomes) -> None:
    complaints = differing_output(scenario, outcomes.of(scenario))
    assert not complaints, "\n".join(complaints)


@pytest.mark.parametrize("scenario", WARNING)
def test_deprecated_names_its_replacement(scenario: Scenario, outcomes: Outcomes) -> None:
    said = outcomes.of(scenario).ours.stderr
    assert scenario.ours_warns
    assert re.search(rf"DeprecationWarning: .*{scenario.ours_warns}", said), said
