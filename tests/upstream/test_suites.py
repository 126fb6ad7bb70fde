"""The suites of the projects that ferroflask stands in for pass on ours, but for a strict list of known failures."""

from __future__ import annotations

import importlib.util
from importlib.metadata import distribution
from pathlib import Path

import pytest

from .suite_run import RUN_SECONDS, SuiteRun
from .suites import SUITES, Suite, known_failures

# The first test about a suite fetches and runs it.
pytestmark = [pytest.mark.slow, pytest.mark.timeout(2 * RUN_SECONDS)]


def test_every_test_is_run(suite: Suite, upstream_run: SuiteRun) -> None:
    assert (len(upstream_run.outcomes), upstream_run.deselected) == (suite.total, 0)


def test_no_failure_is_new(suite: Suite, upstream_run: SuiteRun) -> None:
    new = {test: text for test, text in upstream_run.unsuccessful.items() if test not in suite.known_failures}
    told = "\n\n".join(f"{test}\n{text}" for test, text in new.items())
    assert not new, f"{len(new)} tests that should pass do not:\n\n{told}"


def test_no_known_failure_passes(suite: Suite, upstream_run: SuiteRun) -> None:
    stale = suite.known_failures.keys() - upstream_run.unsuccessful.keys()
    assert not stale, "these pass, or are gone: take them out of known_failures.toml"


def test_enough_tests_pass(suite: Suite, upstream_run: SuiteRun) -> None:
    passed = len(upstream_run.outcomes) - len(upstream_run.unsuccessful)
    assert passed >= suite.at_least, upstream_run.summary


def test_ours_is_what_was_tested(suite: Suite, upstream_run: SuiteRun) -> None:
    flask_modules = {name: file for name, file in upstream_run.modules.items() if name.partition(".")[0] == "flask"}
    ours = ferroflask_folder() / "api" / "flask"
    assert [name for name, file in flask_modules.items() if ours not in file.resolve().parents] == []
    assert [name for name in suite.must_load if name not in upstream_run.modules] == []


def test_nothing_of_stock_flask_was_loaded(upstream_run: SuiteRun) -> None:
    stock = Path(str(distribution("flask").locate_file("flask"))).resolve()
    assert [name for name, file in upstream_run.modules.items() if stock in file.resolve().parents] == []


def test_known_failures_name_suites_and_reasons() -> None:
    assert known_failures().keys() <= {suite.name for suite in SUITES}
    assert [test for tests in known_failures().values() for test, reason in tests.items() if not reason.strip()] == []


def ferroflask_folder() -> Path:
    spec = importlib.util.find_spec("ferroflask")
    assert spec is not None
    assert spec.origin is not None
    return Path(spec.origin).resolve().parent
