"""Runs a foreign suite, or a part of it, by hand: ``python -m tests.upstream flask -x -k session``.

``python -m tests.upstream scorecard`` runs all of them on both sides and writes docs/compatibility.md.

What follows the name of the suite goes to its pytest; ``FERROFLASK=0`` in the environment runs it against stock Flask.
"""

from __future__ import annotations

import subprocess
import sys

from . import scorecard
from .archive import unpacked
from .extension_suites import EXTENSION_SUITES
from .suite_run import command, environment
from .suites import SUITES


def main() -> int:
    suites = {suite.name: suite for suite in (*SUITES, *EXTENSION_SUITES)}
    name, *arguments = sys.argv[1:] or [""]
    if name == "scorecard":
        return scorecard.main()
    if name not in suites:
        print(f"usage: python -m tests.upstream scorecard|{'|'.join(suites)} [arguments for pytest]", file=sys.stderr)
        return 2
    folder = unpacked(suites[name]) / suites[name].folder
    return subprocess.run(command(suites[name], folder, tuple(arguments)), cwd=folder, env=environment()).returncode


if __name__ == "__main__":
    sys.exit(main())
