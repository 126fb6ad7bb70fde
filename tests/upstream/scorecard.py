"""Counts what passes of each suite on stock and on ours, and writes docs/compatibility.md from that.

It runs the suites of both tables whose extension is installed, and writes nothing when one of them is missing.
"""

from __future__ import annotations

import platform
from importlib.metadata import PackageNotFoundError, version

from . import suite_run
from .archive import PROJECT
from .extension_suites import EXTENSION_SUITES, WITHOUT_TESTS
from .suite_run import SuiteRun
from .suites import SUITES, Suite

PAGE = PROJECT / "docs" / "compatibility.md"
VERSIONS = ("Flask", "Werkzeug", "Jinja2", "SQLAlchemy")
HEAD = """# Compatibility: other people's tests

<!-- Written by `make scorecard`; not to be edited by hand. -->

Each suite is fetched as its project published it and run unchanged, once on stock and once on ferroflask, in the same
environment. A test that neither side passes was skipped, wants something which that environment has not (a database
server, an older library), or fails with today's releases on any Flask.
`make test-upstream` and `make test-extensions` compare the outcomes.
"""


def is_installed(suite: Suite) -> bool:
    """Return whether the release that the suite belongs to is installed, and all that it needs."""
    try:
        return version(suite.distribution) == suite.version and all(version(name) for name in suite.needs)
    except PackageNotFoundError:
        return False


def main() -> int:
    """Run every suite on both sides and write the page.

    Returns:
        The exit code: 1 when a suite cannot be run here, or when ours passes fewer tests of one than stock.
    """
    suites = (*SUITES, *EXTENSION_SUITES)
    missing = [suite.release for suite in suites if not is_installed(suite)]
    if missing:
        print(f"not installed, so there is no scorecard: {', '.join(missing)} (`make scorecard` installs them)")
        return 1
    rows = []
    worse = False
    for suite in suites:
        stock, ours = suite_run.run(suite, ours=False), suite_run.run(suite)
        rows.append(row(suite, stock, ours))
        worse = worse or passed(ours) < passed(stock)
        print(rows[-1], flush=True)
    PAGE.write_text(page(rows), encoding="utf-8")
    return int(worse)


def row(suite: Suite, stock: SuiteRun, ours: SuiteRun) -> str:
    """Return the suite's line of the table."""
    total = len(stock.outcomes.keys() | ours.outcomes.keys())
    return f"| {suite.name} | {suite.release} | {passed(stock)} | {passed(ours)} | {total} |"


def page(rows: list[str]) -> str:
    """Return the whole page, with what is to be said about the suites and about those that are not there."""
    here = ", ".join([f"Python {platform.python_version()}", *(f"{name} {version(name)}" for name in VERSIONS)])
    table = ["| suite | release | passed on stock | passed on ours | of |", "|---|---|---:|---:|---:|", *rows]
    notes = [f"- {suite.name}: {suite.note}." for suite in (*SUITES, *EXTENSION_SUITES) if suite.note]
    without = [f"- {name}: {why}." for name, why in WITHOUT_TESTS.items()]
    about = [f"Run with {here}.", "", "Of these suites:", "", *notes, "", "Not in the table:", "", *without]
    return "\n".join([HEAD, *table, "", *about]) + "\n"


def passed(run: SuiteRun) -> int:
    return len(run.outcomes) - len(run.unsuccessful)
