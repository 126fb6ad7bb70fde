"""What the user of the command chose, as all the measures need it."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from .machine import Cpus

__all__ = ["APPS", "Settings"]

# The folder of the applications; servers run in it.
APPS = Path(__file__).parent / "apps"


@dataclass(frozen=True)
class Settings:
    """`seconds` is how long each load lasts, `warm_up` how long a server is asked before; `port` 0 takes a free one."""

    rounds: int
    seconds: float
    cpus: Cpus
    warm_up: float = 0.2
    port: int = 0
