"""Runs a program that asks itself everything and prints what it saw: as stock and as ours."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from .sides import Side


def printed(*command: str | Path, timeout: float = 120) -> dict[Side, list[str]]:
    """The lines that `python` prints for these arguments, on either side; those of stderr are the last ones.

    Raises AssertionError with what was said if the program fails.
    """
    lines = {}
    for side in Side:
        ended = subprocess.run(
            [sys.executable, *command], env=side.environment(), capture_output=True, encoding="utf-8", timeout=timeout
        )
        assert ended.returncode == 0, f"{side.value}: {ended.stderr}"
        lines[side] = (ended.stdout + ended.stderr).splitlines()
    return lines
