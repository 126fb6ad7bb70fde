"""ferroflask's own commands: `ferroflask serve`. The `flask` command is Flask's and lives in our ``flask`` package."""

from __future__ import annotations

from .main import main

__all__ = ["main"]
