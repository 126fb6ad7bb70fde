"""What PyInstaller has to know to freeze a program that imports ferroflask. PyInstaller alone reads it, by way of the
entry point `pyinstaller40`.
"""

from __future__ import annotations

import os


def hook_dirs() -> list[str]:
    """Return the folders with hooks, as PyInstaller reads them."""
    return [os.path.dirname(__file__)]
