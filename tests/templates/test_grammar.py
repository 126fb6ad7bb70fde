"""Generated templates, with values of every kind, give the same on both sides.

The examples are the same in every run; with TEMPLATES_EXAMPLES=5000 (`make fuzz-templates`) there are so many new ones.
"""

from __future__ import annotations

import os
from collections.abc import Callable

import hypothesis
import pytest
from hypothesis import HealthCheck, strategies as st

from .comparison import WAYS, Case, Variables, differences, outcome, pair_of
from .constructs import variables
from .environments import SETTINGS, Settings
from .grammar import contexts, templates
from .values import VALUES

EXAMPLES = int(os.environ.get("TEMPLATES_EXAMPLES", "0"))
pytestmark = pytest.mark.timeout(6 * 3600 if EXAMPLES else 300)
chosen = hypothesis.settings(
    max_examples=EXAMPLES or 100,
    derandomize=not EXAMPLES,
    database=None,
    deadline=None,
    suppress_health_check=list(HealthCheck),
)


def variables_of(labels: dict[str, str]) -> Callable[[], Variables]:
    return lambda: {**variables(VALUES[labels["v"]]), **{name: VALUES[label]() for name, label in labels.items()}}


@chosen
@hypothesis.given(templates, contexts, st.sampled_from(SETTINGS), st.sampled_from(sorted(WAYS)))
def test_generated(texts: dict[str, str], labels: dict[str, str], settings: Settings, way: str) -> None:
    found = differences(Case("generated", texts), pair_of(settings), [(str(labels), variables_of(labels))], [way])
    for text in found:
        pytest.fail(text, pytrace=False)


def test_a_quarter_can_be_rendered() -> None:
    pair, fine, tried = pair_of(SETTINGS[2]), 0, 0

    @hypothesis.settings(chosen, max_examples=40)
    @hypothesis.given(templates, contexts)
    def count(texts: dict[str, str], labels: dict[str, str]) -> None:
        nonlocal fine, tried
        pair.load(texts)
        tried += 1
        fine += outcome(pair.ours, WAYS["render"], variables_of(labels)).failure is None

    count()
    assert fine * 4 > tried, (fine, tried)
