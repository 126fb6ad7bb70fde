"""The comparison notices a wrong backend: each fault of `mutations.py` is found by the constructs of one area."""

from __future__ import annotations

import itertools
from collections.abc import Iterator

import hypothesis
import jinja2
import pytest
from flask import Flask

from .comparison import Case, Pair, differences, only_different
from .constructs import cases, contexts_of
from .environments import SETTINGS, Side, make_environment
from .grammar import contexts, templates
from .mutations import MUTATIONS, Mutation, item_first, replaced
from .outcome import Frame
from .test_grammar import chosen, variables_of
from .whole_templates import compared, loads_of, tally


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


def test_fault_is_found_by_generated_templates() -> None:
    plain = make_environment(Side.PLAIN, SETTINGS[0])
    replaced("escape", str)(plain)
    pair = Pair(SETTINGS[0], plain, make_environment(Side.OURS, SETTINGS[0]))

    @hypothesis.settings(chosen, max_examples=200, phases=[hypothesis.Phase.generate])
    @hypothesis.given(templates, contexts)
    def look(texts: dict[str, str], labels: dict[str, str]) -> None:
        assert not list(differences(Case("generated", texts), pair, [(str(labels), variables_of(labels))]))

    with pytest.raises(AssertionError):
        look()


def shop() -> Flask:
    app = Flask("shop")
    pages = {"page.html": "{% macro m(a) %}{{ a.b }}{% endmacro %}{{ goods.items }}", "wrong.html": "{% if %}"}
    app.jinja_options = {"loader": jinja2.DictLoader(pages)}
    return app


def test_fault_is_found_in_whole_templates() -> None:
    assert [text for text, _ in compared(shop()) if text] == []
    app = shop()
    item_first(app.jinja_env)
    shown = "".join(text for text, _ in compared(app))
    assert "goods[items]" in shown
    assert "page.html (render with made-up variables)" in shown
    assert "page.html (macros with made-up variables)" in shown


def test_templates_are_counted() -> None:
    counted = tally(loads_of(shop()), lambda template: None)
    assert (counted.programs, list(counted.failed)) == (["page.html"], ["wrong.html"])
    assert tally(loads_of(shop()), lambda template: "a reason").refused == {"page.html": "a reason"}


def test_the_first_difference_is_shown() -> None:
    same, old, new = Frame("f", 1, "a"), Frame("f", 2, "b", (("x", "1"), ("y", "2"))), Frame("f", 2, "b", (("x", "1"),))
    assert only_different((same, old), (same, new)) == (("entry 1", [("y", "2")]), ("entry 1", []))
    assert only_different((same, 1), (same, 2)) == (("entry 1", 1), ("entry 1", 2))
