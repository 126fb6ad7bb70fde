"""The extensions' own suites give the same on ours as on stock, test by test.

What is not installed is not tried: `make test-extensions` installs it. Nothing is deselected, and there are no known
failures.
"""

from __future__ import annotations

import pytest

from . import suite_run
from .extension_suites import EXTENSION_SUITES
from .scorecard import is_installed
from .suite_run import RUN_SECONDS, SuiteRun
from .suites import Suite

pytestmark = [pytest.mark.slow, pytest.mark.timeout(3 * RUN_SECONDS)]


@pytest.mark.parametrize("suite", EXTENSION_SUITES, ids=lambda suite: suite.name)
def test_ours_gives_what_stock_gives(suite: Suite) -> None:
    if not is_installed(suite):
        pytest.skip(f"{suite.release} is not installed (`make test-extensions` installs it)")
    stock, ours = suite_run.run(suite, ours=False), suite_run.run(suite)
    print(f"{suite.release}: stock {stock.summary}; ours {ours.summary}")
    assert different(stock, ours) == {}
    assert (len(stock.outcomes), stock.deselected, ours.deselected) == (suite.total, 0, 0)
    assert len(ours.outcomes) - len(ours.unsuccessful) >= suite.at_least, ours.summary
    assert served_by(stock) == {False}
    assert served_by(ours) == {True}


def different(stock: SuiteRun, ours: SuiteRun) -> dict[str, tuple[str, str, str]]:
    """Return the tests with another outcome: test id → outcome on stock, outcome on ours, what ours said."""
    nothing = ("not run", "")
    tests = stock.outcomes.keys() | ours.outcomes.keys()
    pairs = {test: (stock.outcomes.get(test, nothing), ours.outcomes.get(test, nothing)) for test in tests}
    return {test: (old[0], new[0], new[1]) for test, (old, new) in pairs.items() if old[0] != new[0]}


def served_by(run: SuiteRun) -> set[bool]:
    """Return whether the modules named flask were ours: one answer if all came from one side."""
    files = [file for name, file in run.modules.items() if name.partition(".")[0] == "flask"]
    return {"/ferroflask/api/flask/" in file.as_posix() for file in files}
