"""Programs that are ended when their test is over, as in the live tests."""

from __future__ import annotations

from ..live.conftest import start_program

__all__ = ["start_program"]
