"""The `ferroflask` command for an instrumented build, whose counts are written when the C library ends the process.

Our servers end without that, because the interpreter would go down with it, under the threads that are still in views.
"""

from __future__ import annotations

import ctypes
import os


def main() -> None:
    from ferroflask.cli import main as command

    os._exit = ctypes.CDLL(None).exit
    command()


if __name__ == "__main__":
    main()
