"""Looks at all the templates of an application: ``python -m tests.templates count program.py``.

``count`` prints how many became native programs and why the others did not, ``compare`` renders them on both sides and
ends with 1 if something differs. The program has a `make_app(folder)`. ``--refusal module:function`` names the function
that says why a template is not a program.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from collections import Counter
from pathlib import Path

from .outcome import Outcome
from .whole_templates import application, compared, refusal_named, tally

REFUSAL = "ferroflask._core:template_program_refusal"


def count(program: Path, folder: Path, refusal: str) -> int:
    counted = tally(application(program, folder), refusal_named(refusal))
    for name, reason in (counted.refused | counted.failed).items():
        print(f"{name}: {reason}")
    total = len(counted.programs) + len(counted.refused) + len(counted.failed)
    print(f"{total} templates, {len(counted.programs)} programs, {len(counted.refused)} with Jinja2", end=", ")
    print(f"{len(counted.failed)} can't be loaded")
    for reason, number in Counter(counted.refused.values()).most_common():
        print(f"{number:5} {reason}")
    return 0


def compare(program: Path, folder: Path) -> int:
    app = application(program, folder)
    outcomes: list[Outcome] = []
    differing = 0
    for text, outcome in compared(app):
        outcomes.append(outcome)
        if text:
            differing += 1
            print(text)
    fine = sum(outcome.failure is None for outcome in outcomes)
    errors = Counter(f"{found.type}: {found.text[:70]}" for outcome in outcomes if (found := outcome.failure))
    for error, number in errors.most_common(12):
        print(f"{number:5} {error}")
    print(f"{len(outcomes)} renderings, {fine} without an error, {differing} differ")
    return int(differing > 0)


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.templates", description=__doc__)
    parser.add_argument("command", choices=("count", "compare"))
    parser.add_argument("program", type=Path)
    parser.add_argument("--refusal", default=REFUSAL, help="module:function (%(default)s)")
    chosen = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        if chosen.command == "count":
            return count(chosen.program, Path(folder), chosen.refusal)
        return compare(chosen.program, Path(folder))


if __name__ == "__main__":
    sys.exit(main())
