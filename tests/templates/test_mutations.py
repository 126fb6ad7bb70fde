"""The comparison notices a wrong backend: each fault of `mutations.py` is found by the constructs of one area."""

from __future__ import annotations

import itertools
from collections.abc import Iterator

import pytest

from .comparison import Pair, differences
from .constructs import cases, contexts_of
from .environments import Side, make_environment
from .mutations import MUTATIONS, Mutation


def found(mutation: Mutation) -> Iterator[str]:
    plain = make_environment(Side.PLAIN, mutation.settings)
    mutation.spoil(plain)
    pair = Pair(mutation.settings, plain, make_environment(Side.OURS, mutation.settings))
    for case in cases(mutation.area):
        yield from differences(case, pair, contexts_of(case).items(), [mutation.way])


@pytest.mark.parametrize("mutation", MUTATIONS, ids=lambda mutation: mutation.name)
def test_fault_is_found(mutation: Mutation) -> None:
    shown = list(itertools.islice(found(mutation), 1))
    print(*shown)
    assert shown, "no construct shows this fault"
