"""A pytest plugin for the run of a foreign suite: it writes down what became of every test, and what was loaded.

It must not import anything that the suite tests, so that the suite imports it its own way. The environment variable
UPSTREAM_REPORT names the file to write, which is JSON:
{"outcomes": {id: [outcome, text]}, "deselected": number, "modules": {name: file}}.
"""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path

import pytest

outcomes: dict[str, tuple[str, str]] = {}
deselected: list[str] = []


def pytest_runtest_logreport(report: pytest.TestReport) -> None:
    outcome: str = report.outcome
    if hasattr(report, "wasxfail"):
        # What the suite itself expects to fail has gone well when it did.
        outcome = "passed" if report.skipped else "failed"
    before, _ = outcomes.get(report.nodeid, ("passed", ""))
    # Set-up, call and teardown are reported one by one: the worst of them counts.
    if before == "passed":
        outcomes[report.nodeid] = (outcome, "" if outcome == "passed" else last_lines(report))


def pytest_collectreport(report: pytest.CollectReport) -> None:
    if not report.passed:
        outcomes[report.nodeid] = (report.outcome, last_lines(report))


def pytest_deselected(items: list[pytest.Item]) -> None:
    deselected.extend(item.nodeid for item in items)


def pytest_sessionfinish() -> None:
    path = os.environ.get("UPSTREAM_REPORT")
    if path:
        files = {name: getattr(module, "__file__", None) for name, module in list(sys.modules.items())}
        modules = {name: file for name, file in files.items() if isinstance(file, str)}
        record = {"outcomes": outcomes, "deselected": len(deselected), "modules": modules}
        Path(path).write_text(json.dumps(record), encoding="utf-8")


def last_lines(report: pytest.TestReport | pytest.CollectReport) -> str:
    """Return the end of what pytest would print: it names the exception and the line."""
    return "\n".join(report.longreprtext.splitlines()[-12:]) or str(report.longrepr)
