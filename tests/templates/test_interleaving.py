"""Renderings that meet: one inside of another, several at a time, some given up. Each gives what Jinja2 gives."""

from __future__ import annotations

import gc
import itertools
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor

import jinja2
import pytest

from .comparison import pair_of
from .environments import SETTINGS, Settings, load_from
from .odd_values import journal
from .outcome import cleaned, observe

PAGES = {
    "main": "{% extends 'base' %}{% from 'lib' import m with context %}{% block body %}{% for x in rows %}"
    "{{ loop.index }}{{ m(x) }}{{ note(x) }}{% endfor %}{{ super() }}{% endblock %}",
    "base": "<{{ v }}>{% block body %}{% set a = v %}{{ a }}{% endblock %}{% include 'part' %}",
    "part": "[{% for y in rows %}{{ y }}{{ loop.last }}{% endfor %}]",
    "lib": "{% macro m(x) %}({{ x }}{{ v }}){% endmacro %}",
    "nested": "{% for x in rows %}{{ x }}{{ again(x) }}{% endfor %}{{ v }}",
    "lasting": "a{% for x in rows %}{{ x }}{% set b = x %}{{ loop.nextitem }}{% endfor %}{{ 1 // zero }}",
}
Scenario = Callable[[jinja2.Environment], object]


def closing_rows() -> Iterator[int]:
    """Yield numbers, and write when the reading ends, and how."""
    try:
        for number in range(4):
            journal.append(f"row {number}")
            yield number
    except GeneratorExit:
        journal.append("closed")
        raise
    finally:
        journal.append("done")


def note(value: object) -> str:
    journal.append(f"note {value}")
    return ""


def variables(label: str) -> dict[str, object]:
    return {"v": f"<{label}>", "rows": closing_rows(), "note": note, "zero": 0}


def taken_by_turns(environment: jinja2.Environment) -> object:
    streams = [environment.get_template("main").generate({**variables(label), "rows": [1, 2]}) for label in "abc"]
    return list(itertools.chain.from_iterable(itertools.zip_longest(*streams, fillvalue="")))


def given_up(environment: jinja2.Environment) -> object:
    stream = environment.get_template("main").generate(variables("a"))
    first = list(itertools.islice(stream, 4))
    stream.close()
    return first, list(stream)


def thrown_into(environment: jinja2.Environment) -> object:
    stream = environment.get_template("lasting").generate(variables("a"))
    first = list(itertools.islice(stream, 3))
    try:
        stream.throw(LookupError("thrown"))  # type: ignore[attr-defined]
    except LookupError as error:
        return first, str(error), list(stream)
    return first


def never_read(environment: jinja2.Environment) -> object:
    environment.get_template("main").generate(variables("a"))
    return list(journal)


def read_by_pieces(environment: jinja2.Environment) -> object:
    """What is done between two pieces is seen by the values: nothing may be read before its turn."""
    pieces = []
    for piece in environment.get_template("part").generate(variables("a")):
        journal.append(f"piece {piece}")
        pieces.append(piece)
    return pieces


def inside_of_itself(environment: jinja2.Environment) -> object:
    def again(x: int) -> str:
        rows = range(x)
        return environment.get_template("nested").render(rows=rows, again=again, v=f"<{x}>") if x else "-"

    return environment.get_template("nested").render(rows=[2, 1], again=again, v="<v>")


def while_a_stream_waits(environment: jinja2.Environment) -> object:
    template = environment.get_template("main")
    stream = template.generate(variables("outer"))
    first = next(stream)
    inner = template.render(variables("inner"))
    return first, inner, list(stream)


def after_a_failure(environment: jinja2.Environment) -> object:
    template = environment.get_template("lasting")
    with pytest.raises(ZeroDivisionError):
        template.render(variables("a"))
    return template.render({**variables("b"), "zero": 1})


def in_threads(environment: jinja2.Environment) -> object:
    template = environment.get_template("main")

    def render(number: int) -> str:
        return template.render({**variables(str(number)), "rows": range(50), "note": str})

    with ThreadPoolExecutor(4) as pool:
        pages = list(pool.map(render, range(40)))
    # In the order of the threads, which nobody knows.
    journal.clear()
    return pages


def as_a_stream(environment: jinja2.Environment) -> object:
    stream = environment.get_template("main").stream(variables("a"))
    stream.enable_buffering(3)
    return list(stream)


def changed_context(environment: jinja2.Environment) -> object:
    @jinja2.pass_context
    def change(context: jinja2.runtime.Context) -> str:
        context.vars["a"] = "<changed>"
        context.exported_vars.add("a")
        return repr(sorted(context.get_all().keys() - environment.globals.keys()))

    source = "{{ a }}{% set b = 1 %}{{ change() }}{{ a }}{% include 'part' %}{% block body %}{{ a }}{% endblock %}"
    template = environment.from_string(source)
    return template.render(change=change, rows=[1]), sorted(vars(template.make_module({"change": change, "rows": []})))


SCENARIOS: list[Scenario] = [
    taken_by_turns,
    given_up,
    thrown_into,
    never_read,
    read_by_pieces,
    inside_of_itself,
    while_a_stream_waits,
    after_a_failure,
    in_threads,
    as_a_stream,
    changed_context,
]


@pytest.mark.parametrize("settings", SETTINGS[::2], ids=str)
@pytest.mark.parametrize("scenario", SCENARIOS, ids=lambda scenario: scenario.__name__)
def test_same(scenario: Scenario, settings: Settings) -> None:
    pair = pair_of(settings)
    found = []
    for environment in (pair.plain, pair.ours):
        load_from(environment, PAGES)
        # What the last scenario has left would write when it is collected.
        gc.collect()
        found.append(observe(lambda environment=environment: cleaned(scenario(environment)), {}))
    plain, ours = found
    assert settings is not SETTINGS[0] or plain.failure is None
    assert ours == plain
