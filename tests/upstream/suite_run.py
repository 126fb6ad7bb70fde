"""Runs a foreign suite in its own process and folder, with its own configuration, and reads what came out.

It does not judge: which failures are known is the business of the tests.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

from .archive import unpacked
from .suites import HERE, Suite

RUN_SECONDS = 600
TEST_SECONDS = 120
# What would change the run from outside.
FOREIGN = ("PYTHON", "PYTEST", "FLASK", "WERKZEUG", "COVERAGE")
#: Exit codes of pytest after a run to the end: all passed, some failed.
RAN = (0, 1)


@dataclass(frozen=True)
class SuiteRun:
    """What a whole run gave."""

    #: Test id → "passed", "failed" or "skipped", and the end of the traceback.
    outcomes: dict[str, tuple[str, str]]
    deselected: int
    #: Every module that was loaded when the run was over, and its file.
    modules: dict[str, Path]
    seconds: float

    @property
    def unsuccessful(self) -> dict[str, str]:
        """Return the tests that failed or were skipped, with the text that says why."""
        return {test: text for test, (outcome, text) in self.outcomes.items() if outcome != "passed"}

    @property
    def summary(self) -> str:
        total, bad = len(self.outcomes), len(self.unsuccessful)
        return f"{total - bad} passed, {bad} did not, {total} in total, {self.seconds:.1f} s"


def command(suite: Suite, folder: Path, arguments: tuple[str, ...] = ()) -> list[str]:
    """Return the command that runs the suite in `folder`; `arguments` are more for its pytest."""
    config = str(folder / suite.config) if suite.config else os.devnull
    own_settings = ["-c", config, "--rootdir", str(folder), *suite.options]
    plugins = ["no:cacheprovider", "pytest_timeout", "upstream_witness", *suite.plugins]
    chosen = [part for plugin in plugins for part in ("-p", plugin)]
    paths = () if any((folder / argument.partition("::")[0]).exists() for argument in arguments) else suite.paths
    limit = f"--timeout={TEST_SECONDS}"
    return [sys.executable, "-m", "pytest", *own_settings, *chosen, limit, *arguments, *paths]


def environment(**extra: str) -> dict[str, str]:
    """Return the environment of the run. pytest plugins that happen to be installed are not loaded."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(FOREIGN)}
    settings = {
        "PYTHONPATH": str(HERE / "plugins"),
        "PYTHONDONTWRITEBYTECODE": "1",
        "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1",
        # Some suites call the `flask` command.
        "PATH": os.pathsep.join([str(Path(sys.executable).parent), kept.get("PATH", os.defpath)]),
    }
    return kept | settings | extra


def run(suite: Suite, *, ours: bool = True) -> SuiteRun:
    """Run the whole suite, on ours or on stock.

    Raises:
        RuntimeError: the run did not get to its end; what it printed last is in the message.
    """
    source = unpacked(suite)
    with tempfile.TemporaryDirectory() as scratch:
        # What a suite leaves in its folder must not meet the next run.
        folder = shutil.copytree(source, Path(scratch) / "suite", symlinks=True) / suite.folder
        report = Path(scratch) / "report.json"
        settings = environment(UPSTREAM_REPORT=str(report), FERROFLASK=str(int(ours)))
        whole = command(suite, folder, ("-q", "--tb=short", f"--basetemp={scratch}/basetemp"))
        started = time.monotonic()
        done = subprocess.run(whole, cwd=folder, env=settings, capture_output=True, text=True, timeout=RUN_SECONDS)
        seconds = time.monotonic() - started
        if done.returncode not in RAN or not report.exists():
            end = "\n".join([*done.stdout.splitlines()[-60:], *done.stderr.splitlines()[-60:]])
            raise RuntimeError(f"the suite {suite.name} of {suite.release} ended with code {done.returncode}:\n{end}")
        record = json.loads(report.read_text(encoding="utf-8"))
    outcomes = {test: (outcome, text) for test, (outcome, text) in record["outcomes"].items()}
    modules = {name: Path(file) for name, file in record["modules"].items()}
    return SuiteRun(outcomes, record["deselected"], modules, seconds)
