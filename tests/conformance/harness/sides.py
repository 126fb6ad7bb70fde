"""The two engines, as environments for one interpreter. Knows nothing of programs or requests."""

from __future__ import annotations

import enum
import os
import subprocess
import sys

#: What would steer Flask, Werkzeug or Python from outside a test.
STEERING = ("FLASK_", "FERROFLASK", "WERKZEUG_", "SERVER_", "PYTHONWARNINGS", "PORT", "SECRET_KEY")


class Side(enum.Enum):
    """Which engine answers when a program imports `flask`."""

    STOCK = "stock"
    OURS = "ours"

    def environment(self) -> dict[str, str]:
        """The variables a program of this side starts with."""
        kept = {name: value for name, value in os.environ.items() if not name.startswith(STEERING)}
        kept |= {
            "PYTHONUNBUFFERED": "1",
            "PYTHONIOENCODING": "utf-8",
            "PYTHONDONTWRITEBYTECODE": "1",
            "PYTHONHASHSEED": "0",  # sets of methods are printed in their order
            "LC_ALL": "C.UTF-8",
            # Otherwise the debugger derives a PIN from the machine, the user and the path of the module it found.
            "WERKZEUG_DEBUG_PIN": "123-456-789",
        }
        # A pytest started under coverage or with its own hooks must not reach into the programs.
        kept.pop("PYTHONSTARTUP", None)
        if self is Side.STOCK:
            kept["FERROFLASK"] = "0"
        return kept

    def engine(self) -> str:
        """The `flask` package that this side imports, as the path of its `__init__.py`."""
        answer = subprocess.run(
            [sys.executable, "-c", "import flask; print(flask.__file__)"],
            env=self.environment(),
            capture_output=True,
            text=True,
            timeout=30,
            check=True,
        )
        return answer.stdout.strip()
