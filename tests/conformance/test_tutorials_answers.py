"""Every request of every tutorial program: the answer of ferroflask beside the answer of stock Flask."""

from __future__ import annotations

import pytest

from .catalogue import SCENARIOS
from .harness.comparing import differing_answers
from .harness.running import Outcomes
from .harness.scenario import Scenario

QUESTIONS = [
    pytest.param(scenario, index, id=f"{'+'.join(step.rows)} {scenario.name}: {index} {step.label}")
    for scenario in SCENARIOS
    for index, step in enumerate(scenario.questions)
]


@pytest.mark.parametrize(("scenario", "index"), QUESTIONS)
def test_answer(scenario: Scenario, index: int, outcomes: Outcomes) -> None:
    complaints = differing_answers(scenario, index, outcomes.of(scenario))
    assert not complaints, "\n".join(complaints)
