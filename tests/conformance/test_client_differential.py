"""The test client, asked in many ways: what the view and the sender see is the same as with stock Flask."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

PROGRAM = Path(__file__).parent / "programs" / "sending.py"


def printed(switch: str) -> list[str]:
    """What the program prints with `FERROFLASK` set to `switch`."""
    # The order of the methods in Allow is a set's.
    environ = {**os.environ, "FERROFLASK": switch, "PYTHONHASHSEED": "0"}
    ended = subprocess.run([sys.executable, PROGRAM], env=environ, capture_output=True, text=True, timeout=120)
    assert ended.returncode == 0, ended.stderr
    return (ended.stdout + ended.stderr).splitlines()


def test_what_is_seen_equals_stock() -> None:
    assert printed("1") == printed("0")
