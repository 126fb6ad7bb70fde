"""Signals beside stock Flask: receivers of every kind, for every sender and for one, replaced and failing ones."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from .harness.sides import Side

PROGRAM = Path(__file__).parent / "programs" / "signalling.py"


def test_receivers_are_called_as_by_stock() -> None:
    command = [sys.executable, str(PROGRAM)]
    printed = {
        side: subprocess.run(
            command, env=side.environment(), capture_output=True, encoding="utf-8", timeout=120, check=True
        ).stdout.splitlines()
        for side in Side
    }
    assert len(printed[Side.STOCK]) > 100
    assert printed[Side.OURS] == printed[Side.STOCK]
