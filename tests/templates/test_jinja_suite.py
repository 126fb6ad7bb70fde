"""Jinja2's own suite gives the same with our environment and templates as with Jinja2's, test by test."""

from __future__ import annotations

import pytest

from .jinja_suite import RUN_SECONDS, SUITE, run

pytestmark = pytest.mark.timeout(2 * RUN_SECONDS)

#: Tests that must fail with Flask's environment and pass with Jinja2's.
FLASKS_OWN_WAY = {
    "tests/test_pickle.py::test_environment": "the environment refers to its application, which can't be pickled",
}


def test_ours_gives_what_jinja_gives() -> None:
    plain, ours = run(plain=True), run(plain=False)
    expected = {test: outcome for test, (outcome, _) in plain.outcomes.items()} | dict.fromkeys(
        FLASKS_OWN_WAY, "failed"
    )
    differences = [
        f"{test}: {outcome} with ours, expected {expected.get(test)}\n{text}"
        for test, (outcome, text) in ours.outcomes.items()
        if outcome != expected.get(test)
    ]
    print("\n\n".join(differences))
    assert not differences, f"{len(differences)} of {len(ours.outcomes)} tests differ"
    assert ours.outcomes.keys() == plain.outcomes.keys()
    assert len(plain.outcomes) == SUITE.total
    passed = [test for test, (outcome, _) in plain.outcomes.items() if outcome == "passed"]
    assert len(passed) >= SUITE.at_least
    assert (plain.environments, ours.environments > 300) == (0, True)
    assert [name for name in SUITE.must_load if name not in ours.modules] == []
