"""`g` beside stock Flask: of Flask's class, of subclasses, and of a class of the program's own."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from .harness.sides import Side

PROGRAM = Path(__file__).parent / "programs" / "namespaces.py"


def test_g_does_what_it_does_on_stock() -> None:
    command = [sys.executable, str(PROGRAM)]
    printed = {
        side: subprocess.run(
            command, env=side.environment(), capture_output=True, encoding="utf-8", timeout=60, check=True
        ).stdout.splitlines()
        for side in Side
    }
    assert len(printed[Side.STOCK]) > 50
    assert printed[Side.OURS] == printed[Side.STOCK]
