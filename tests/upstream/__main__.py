"""Runs a foreign suite, or a part of it, by hand: ``python -m tests.upstream flask -x -k session``.

What follows the name of the suite goes to its pytest; ``FERROFLASK=0`` in the environment runs it against stock Flask.
"""

from __future__ import annotations

import subprocess
import sys

from .archive import unpacked
from .suite_run import command, environment
from .suites import SUITES


def main() -> int:
    suites = {suite.name: suite for suite in SUITES}
    name, *arguments = sys.argv[1:] or [""]
    if name not in suites:
        print(f"usage: python -m tests.upstream {'|'.join(suites)} [arguments for pytest]", file=sys.stderr)
        return 2
    folder = unpacked(suites[name])
    return subprocess.run(command(suites[name], folder, tuple(arguments)), cwd=folder, env=environment()).returncode


if __name__ == "__main__":
    sys.exit(main())
