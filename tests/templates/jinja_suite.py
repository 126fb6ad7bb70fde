"""Runs Jinja2's own suite, fetched by pip and never part of this tree, with its classes or with ours in their place.

What a run gives is read from the report of `upstream_witness`; the tests judge it.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import tempfile
from dataclasses import dataclass
from pathlib import Path

from ..upstream import suite_run, suites
from ..upstream.archive import unpacked
from ..upstream.suites import Suite

PLUGINS = Path(__file__).parent / "plugins"
RUN_SECONDS = 300

SUITE = Suite(
    name="jinja2",
    distribution="Jinja2",
    version="3.1.6",
    sha256="0137fb05990d35f1275a587e9aee6d56da821fc83491a0fb838183be43f66d6d",
    paths=("tests",),
    total=909,
    at_least=909,
    plugins=("jinja_suite_environment",),
    must_load=("jinja2", "flask", "ferroflask._core"),
)


@dataclass(frozen=True)
class JinjaRun:
    """What a whole run gave."""

    #: Test id → "passed", "failed" or "skipped", and the end of the traceback.
    outcomes: dict[str, tuple[str, str]]
    #: How many environments of ours the tests made.
    environments: int
    modules: dict[str, str]


def run(*, plain: bool) -> JinjaRun:
    """Run the whole suite once, in one process.

    Raises:
        RuntimeError: the run did not get to its end; what it printed last is in the message.
    """
    source = unpacked(SUITE)
    with tempfile.TemporaryDirectory() as scratch:
        folder = shutil.copytree(source, Path(scratch) / "suite", symlinks=True)
        report = Path(scratch) / "report.json"
        settings = suite_run.environment(
            PYTHONPATH=os.pathsep.join([str(suites.HERE / "plugins"), str(PLUGINS)]),
            UPSTREAM_REPORT=str(report),
            JINJA_SUITE_SIDE="plain" if plain else "ours",
        )
        command = suite_run.command(SUITE, folder, ("-q", "--tb=short", f"--basetemp={scratch}/basetemp"))
        done = subprocess.run(
            command, cwd=folder, env=settings, capture_output=True, text=True, timeout=RUN_SECONDS, check=False
        )
        if done.returncode not in suite_run.RAN or not report.exists():
            end = "\n".join([*done.stdout.splitlines()[-60:], *done.stderr.splitlines()[-60:]])
            raise RuntimeError(f"the suite of {SUITE.release} ended with code {done.returncode}:\n{end}")
        record = json.loads(report.read_text(encoding="utf-8"))
    outcomes = {test: (outcome, text) for test, (outcome, text) in record["outcomes"].items()}
    return JinjaRun(outcomes, record["environments"], record["modules"])
