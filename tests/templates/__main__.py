"""Looks at all the templates of an application: ``python -m tests.templates count program.py``.

``count`` prints how many became native programs and why the others did not (without a program, of the constructs),
``compare`` renders them on both sides and
ends with 1 if something differs. The program has a `make_app(folder)`. ``--refusal module:function`` names the function
that says why a template is not a program.
"""

from __future__ import annotations

import argparse
import itertools
import sys
import tempfile
from collections import Counter
from collections.abc import Iterable, Iterator
from pathlib import Path

import jinja2

from .comparison import Case, pair_of
from .constructs import AREAS, cases
from .environments import SETTINGS
from .outcome import Outcome
from .whole_templates import Load, application, compared, loads_of, refusal_named, tally

REFUSAL = "flask._jinja:program_refusal"


def loads_of_constructs() -> Iterator[Load]:
    """Yield the templates of all constructs."""
    pair = pair_of(SETTINGS[0])
    for case in itertools.chain.from_iterable(map(cases, AREAS)):
        for name in case.texts:

            def load(case: Case = case, name: str = name) -> jinja2.Template:
                pair.load(case.texts)
                return pair.ours.get_template(name)

            yield f"{case.name}: {name}", load


def count(loads: Iterable[Load], refusal: str) -> int:
    counted = tally(loads, refusal_named(refusal))
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
    parser.add_argument("program", type=Path, nargs="?")
    parser.add_argument("--refusal", default=REFUSAL, help="module:function (%(default)s)")
    chosen = parser.parse_args()
    if chosen.program is None and chosen.command == "compare":
        parser.error("which program?")
    if chosen.program is None:
        return count(loads_of_constructs(), chosen.refusal)
    with tempfile.TemporaryDirectory() as folder:
        if chosen.command == "count":
            return count(loads_of(application(chosen.program, Path(folder))), chosen.refusal)
        return compare(chosen.program, Path(folder))


if __name__ == "__main__":
    sys.exit(main())
