"""Each suite is run once for all tests about it, and its counts are printed at the end of the session."""

from __future__ import annotations

import pytest

from . import suite_run
from .suite_run import SuiteRun
from .suites import SUITES, Suite

runs: dict[str, SuiteRun | RuntimeError] = {}


@pytest.fixture(params=SUITES, ids=lambda suite: suite.name, scope="session")
def suite(request: pytest.FixtureRequest) -> Suite:
    chosen: Suite = request.param
    return chosen


@pytest.fixture
def upstream_run(suite: Suite) -> SuiteRun:
    if suite.name not in runs:
        try:
            runs[suite.name] = suite_run.run(suite)
        except RuntimeError as error:
            # Not tried again by the next test.
            runs[suite.name] = error
    outcome = runs[suite.name]
    if isinstance(outcome, RuntimeError):
        pytest.fail(str(outcome), pytrace=False)
    return outcome


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    for suite in SUITES:
        if isinstance(outcome := runs.get(suite.name), SuiteRun):
            terminalreporter.write_line(f"upstream suite {suite.name} of {suite.release}: {outcome.summary}")
