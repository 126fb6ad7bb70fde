"""Inside one process: the test client, the making of an application, and the import of `flask`."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Sequence
from typing import Any

from ..results import Row, Sample
from ..rounds import Found
from ..settings import APPS, Settings
from ..sides import Side
from ..stages import fault_text

__all__ = ["ABOUT", "ROWS", "TITLE", "measured"]

TITLE = "The test client, start-up, memory"
ABOUT = """CPU time inside one process, no server: what a test suite sees. `import flask` is measured in a process of
its own, whose memory (the most that was resident) includes the interpreter's."""

IN_PROCESS = "in_process.py"
IMPORTING = "importing.py"
# How many processes import flask in each round; the best counts.
IMPORTS = 5
ROWS = (
    Row("get"),
    Row("post JSON"),
    Row("post a form"),
    Row("get a page from a template"),
    Row("make an application of 200 views in 20 blueprints", unit="ms"),
    Row("import flask", unit="ms"),
    Row("memory after import flask", "peak", "MiB"),
)
IMPORT_ROWS = ROWS[-2:]


class WrongProgram(Exception):
    """The program failed, or had the other side's flask."""


def measured(rows: Sequence[Row], side: Side, settings: Settings) -> Found:
    """Yield the rows of one side, from programs run one after the other. What fails is the fault of its rows."""
    imported = [row for row in rows if row in IMPORT_ROWS]
    others = [row for row in rows if row not in IMPORT_ROWS]
    if others:
        yield from samples_of(others, IN_PROCESS, 1, side, settings)
    if imported:
        yield from samples_of(imported, IMPORTING, IMPORTS, side, settings)


def samples_of(rows: Sequence[Row], program: str, times: int, side: Side, settings: Settings) -> Found:
    try:
        found = [run(program, side, settings) for _ in range(times)]
    except (OSError, ValueError, subprocess.SubprocessError, WrongProgram) as error:
        for row in rows:
            yield row, Sample(None, fault_text(error))
        return
    for row in rows:
        yield row, Sample(min(values[row.name] for values in found))


def run(program: str, side: Side, settings: Settings) -> dict[str, float]:
    """Run a program of the applications' folder on the server's CPU; return what it printed, by row."""
    command = ["taskset", "-c", str(settings.cpus.server), sys.executable, program, str(settings.seconds)]
    done = subprocess.run(command, cwd=APPS, env=side.environment(), capture_output=True, text=True, timeout=120)
    if done.returncode != 0:
        raise WrongProgram(f"{program} failed: {done.stderr.strip()[-300:]}")
    printed: dict[str, Any] = json.loads(done.stdout)
    if printed["flask"] != side.name:
        raise WrongProgram(f"`import flask` is {printed['flask']} there")
    values: dict[str, float] = printed["found"]
    return values
