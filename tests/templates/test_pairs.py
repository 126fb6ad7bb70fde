"""Constructs inside of constructs, and operators between values of every kind, give the same on both sides.

There are too many for every run: each run takes the same part of them, TEMPLATES_WHOLE=1 all.
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from .comparison import Case, Variables, differences, pair_of
from .constructs import AREAS, cases, contexts_of, parsed, variables
from .environments import SETTINGS, Settings
from .test_constructs import WHOLE, fail_on
from .values import VALUES

pytestmark = pytest.mark.timeout(7200 if WHOLE else 300)
WRAPPERS = tuple(parsed((Path(__file__).parent / "wrappers.txt").read_text(encoding="utf-8"), "wrapped in"))
#: One in so many, without a factor in common with what is counted.
PART = 47
OPERATORS = (
    "v + w",
    "v - w",
    "v * w",
    "v / w",
    "v // w",
    "v % w",
    "v ~ w",
    "w ~ '<' ~ v",
    "v == w",
    "v != w",
    "v < w",
    "v >= w",
    "1 < v <= w",
    "v in w",
    "v not in w",
    "v and w",
    "v or w",
    "v if w",
    "v[w]",
    "v[w:]",
    "[v, w]",
    "{1: v, 'w': w}",
    "(v, w)|join('-')",
    "v|default(w, true)",
    "v is sameas w",
    "v|format(w)",
    "arguments(v, w, *w)",
    "v|replace(w, '<')",
    "v(w)",
    "v.format(w)",
    "v|attr(w)",
)
VALUES_IN_PAIRS = ("text to escape", "Markup", "huge int", "recursive list", "properties that raise", "lone surrogate")


def wrapped(wrapper: Case, case: Case) -> Case:
    """Put the main template of a case where the wrapper has its hole."""
    texts = {name: text.replace("HOLE", case.texts["main"]) for name, text in wrapper.texts.items()}
    return Case(f"{case.name}, {wrapper.name}", {**case.texts, **texts})


def all_pairs() -> list[tuple[Case, Case]]:
    every = [case for area in AREAS for case in cases(area)]
    return list(itertools.product(every, WRAPPERS))


@pytest.mark.parametrize("settings", SETTINGS, ids=str)
def test_constructs_in_constructs(settings: Settings) -> None:
    pair, turn = pair_of(settings), SETTINGS.index(settings)
    pairs = all_pairs()
    step = 1 if WHOLE else PART
    assert math.gcd(len(WRAPPERS), PART) == 1

    def found() -> Iterator[str]:
        for number, (case, wrapper) in enumerate(pairs[turn * step // len(SETTINGS) :: step]):
            contexts = contexts_of(case)
            names = [label for label in VALUES_IN_PAIRS if label in contexts]
            chosen = [names[number % len(names)]] if names else list(contexts)
            yield from differences(wrapped(wrapper, case), pair, [(label, contexts[label]) for label in chosen])

    fail_on(found())


@pytest.mark.parametrize("expression", OPERATORS)
def test_values_in_pairs(expression: str) -> None:
    pair = pair_of(SETTINGS[OPERATORS.index(expression) % 2])
    step = 1 if WHOLE else 2 * PART
    pairs = list(itertools.product(VALUES, VALUES))[OPERATORS.index(expression) :: step]
    case = Case(f"operator: {expression}", {"main": f"{{{{ {expression} }}}}"})
    fail_on(differences(case, pair, ((f"{v} and {w}", both(v, w)) for v, w in pairs)))


def both(v: str, w: str) -> Callable[[], Variables]:
    return lambda: {**variables(VALUES[v]), "w": VALUES[w]()}


def test_operator_files_wrap() -> None:
    (case,) = parsed("=== a\n1HOLE2\n--- b\nHOLE\n", "x")
    assert wrapped(case, Case("c", {"main": "M", "d": "D"})).texts == {"main": "1M2", "b": "M", "d": "D"}
