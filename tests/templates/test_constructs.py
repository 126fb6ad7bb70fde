"""Every construct, with values of every kind and in every setting, renders or fails on ours as with Jinja2.

Each construct meets each value in one of the settings, by turns; with TEMPLATES_WHOLE=1 in all of them.
"""

from __future__ import annotations

import itertools
import os
from collections.abc import Iterable

import pytest

from .comparison import WAYS, differences, pair_of
from .constructs import AREAS, cases, contexts_of, parsed
from .environments import SETTINGS, Settings
from .values import VALUES

pytestmark = pytest.mark.timeout(600)
SHOWN = 5
WHOLE = os.environ.get("TEMPLATES_WHOLE") == "1"
#: Values for the ways beside `render`.
FEW = ("text to escape", "list", "properties that raise")


def fail_on(found: Iterable[str]) -> None:
    """Fail with the first differences, when there is one."""
    shown = list(itertools.islice(found, SHOWN))
    if shown:
        pytest.fail("\n\n".join(shown), pytrace=False)


@pytest.mark.parametrize("settings", SETTINGS, ids=str)
@pytest.mark.parametrize("area", AREAS)
def test_rendered(area: str, settings: Settings) -> None:
    pair, turn = pair_of(settings), SETTINGS.index(settings)

    def found() -> Iterable[str]:
        for number, case in enumerate(cases(area)):
            contexts = list(contexts_of(case).items())
            everything = WHOLE or len(contexts) == 1
            chosen = contexts if everything else contexts[(turn + number) % len(SETTINGS) :: len(SETTINGS)]
            yield from differences(case, pair, chosen)

    fail_on(found())


@pytest.mark.parametrize("way", sorted(WAYS.keys() - {"render"}))
@pytest.mark.parametrize("area", AREAS)
def test_other_ways(area: str, way: str) -> None:
    pair = pair_of(SETTINGS[0])

    def found() -> Iterable[str]:
        for case in cases(area):
            contexts = contexts_of(case)
            chosen = [(label, contexts[label]) for label in FEW if label in contexts] or contexts.items()
            yield from differences(case, pair, chosen, [way])

    fail_on(found())


def test_there_are_enough() -> None:
    every = [case for area in AREAS for case in cases(area)]
    assert (len(every) > 420, len(VALUES) > 90) == (True, True)
    assert len({case.name for case in every}) == len(every)
    # What is rendered at all: a corpus of failures alone would say little.
    fine = 0
    pair = pair_of(SETTINGS[0])
    for case in every:
        pair.load(case.texts)
        try:
            pair.ours.get_template("main").render(contexts_of(case)["text"]())
            fine += 1
        except Exception:
            continue
    assert fine > 250


def test_files_are_parsed() -> None:
    (first, second) = parsed("=== a\n1\n--- b.html\n2\n\n3\n=== c\n\n", "area")
    assert (first.name, first.texts) == ("area: a", {"main": "1", "b.html": "2\n\n3"})
    assert (second.name, second.texts) == ("area: c", {"main": ""})
