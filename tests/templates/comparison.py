"""Renders a case on both sides, in several ways, and says what differs.

A case is the texts of its templates, of which `main` is rendered. Nothing here knows which cases there are.
"""

from __future__ import annotations

import typing as t
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, fields, replace
from functools import cache

import jinja2
from jinja2.environment import TemplateModule
from jinja2.runtime import Macro

from .environments import Settings, Side, load_from, make_environment
from .outcome import Failure, Frame, Outcome, described, described_failure, observe

Variables = Mapping[str, t.Any]
Way = Callable[[jinja2.Template, Variables], object]


@dataclass(frozen=True)
class Case:
    """Templates by name; `main` is the one that is rendered."""

    name: str
    texts: Mapping[str, str]


def by_render(template: jinja2.Template, variables: Variables) -> object:
    return template.render(variables)


def by_generate(template: jinja2.Template, variables: Variables) -> object:
    """Collect the pieces in the way that a streamed page has them: their borders are seen by a client."""
    return list(template.generate(variables))


def by_module(template: jinja2.Template, variables: Variables) -> object:
    """Look at the template's module from Python, and call its macros."""
    return seen_by_python(template.make_module(dict(variables)), template)


def by_attribute(template: jinja2.Template, variables: Variables) -> object:
    """Look at the module that is shared by all, as `get_template_attribute` does."""
    assert template.module is template.module
    return seen_by_python(template.module, template)


def seen_by_python(module: TemplateModule, template: jinja2.Template) -> object:
    names = {name: value for name, value in vars(module).items() if not name.startswith("_")}
    macros = [name for name, value in names.items() if isinstance(value, Macro)]
    called = [called_by_python(names[name], template) for name in macros]
    return str(module), [(name, described(value)) for name, value in names.items()], called


def called_by_python(macro: Macro, template: jinja2.Template) -> object:
    """Call a macro with one argument; `get_template_attribute` gives it to a view like that."""
    try:
        return described(macro("<x>"))
    except Exception as error:
        return described_failure(error, template.environment.globals)


def by_blocks(template: jinja2.Template, variables: Variables) -> object:
    """Render each block by itself, as programs do that send fragments."""
    rendered = {}
    for name, block in template.blocks.items():
        context = template.new_context(dict(variables))
        try:
            rendered[name] = "".join(block(context))
        except Exception:
            template.environment.handle_exception()
    return rendered, template.debug_info, template.name, template.filename, template.is_up_to_date


WAYS: dict[str, Way] = {
    "render": by_render,
    "generate": by_generate,
    "module": by_module,
    "attribute": by_attribute,
    "blocks": by_blocks,
}


@dataclass(frozen=True)
class Pair:
    """The two environments of the same settings."""

    settings: Settings
    plain: jinja2.Environment
    ours: jinja2.Environment

    def load(self, texts: Mapping[str, str]) -> None:
        load_from(self.plain, texts)
        load_from(self.ours, texts)


@cache
def pair_of(settings: Settings) -> Pair:
    return Pair(settings, make_environment(Side.PLAIN, settings), make_environment(Side.OURS, settings))


def outcome(environment: jinja2.Environment, way: Way, variables: Callable[[], Variables]) -> Outcome:
    """Load `main` and render it."""
    return observe(lambda: way(environment.get_template("main"), variables()), environment.globals)


def differences(
    case: Case,
    pair: Pair,
    contexts: Iterable[tuple[str, Callable[[], Variables]]],
    ways: Iterable[str] = ("render",),
) -> Iterator[str]:
    """Yield a paragraph for every rendering that has another outcome on ours."""
    pair.load(case.texts)
    for label, variables in contexts:
        for way in ways:
            plain = outcome(pair.plain, WAYS[way], variables)
            ours = outcome(pair.ours, WAYS[way], variables)
            if plain != ours:
                yield report(case, f"{pair.settings}; {way} with {label}", plain, ours)


def report(case: Case, about: str, plain: Outcome, ours: Outcome) -> str:
    texts = [f"--- {name}\n{text}" for name, text in case.texts.items()]
    return "\n".join([f"=== {case.name} ({about})", *texts, *different_parts(plain, ours)])


def different_parts(plain: Outcome, ours: Outcome) -> Iterator[str]:
    """Yield the parts of two outcomes that differ, one line for each side."""
    parts: list[tuple[str, object, object]] = [
        ("result", plain.result, ours.result),
        ("journal", plain.journal, ours.journal),
    ]
    if plain.failure is None or ours.failure is None:
        parts.append(("failure", plain.failure, ours.failure))
    else:
        names = [field.name for field in fields(Failure)]
        parts += [(name, getattr(plain.failure, name), getattr(ours.failure, name)) for name in names]
    for name, expected, found in parts:
        if isinstance(expected, tuple) and isinstance(found, tuple) and len(expected) == len(found):
            expected, found = only_different(expected, found)
        if expected != found:
            yield f"  {name}: Jinja2 {shortened(expected)}\n  {' ' * len(name)}  ours   {shortened(found)}"


def only_different(expected: tuple[object, ...], found: tuple[object, ...]) -> tuple[object, object]:
    """Take the first entry that differs; of two frames that differ in their variables alone, those variables."""
    for number, (old, new) in enumerate(zip(expected, found, strict=True)):
        if old == new:
            continue
        if isinstance(old, Frame) and isinstance(new, Frame) and replace(old, locals=()) == replace(new, locals=()):
            old, new = (sorted(set(frame.locals) - set(other.locals)) for frame, other in ((old, new), (new, old)))
        return (f"entry {number}", old), (f"entry {number}", new)
    return expected, found


def shortened(value: object) -> str:
    text = repr(value)
    return text if len(text) < 1500 else text[:1500] + "…"
