"""Errors, redirects, JSON, headers and cookies beside stock Flask, plain and with something of them overridden, patched
or listened to: the same text for every one.
"""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from .harness.sides import Side

PROGRAM = Path(__file__).parent / "programs" / "answers.py"


def test_every_answer_equals_stock() -> None:
    command = [sys.executable, str(PROGRAM)]
    printed = {
        side: subprocess.run(
            command, env=side.environment(), capture_output=True, encoding="utf-8", timeout=120, check=True
        ).stdout.splitlines()
        for side in Side
    }
    assert len(printed[Side.STOCK]) > 2000
    assert printed[Side.OURS] == printed[Side.STOCK]
