"""All the templates of an application: loaded, counted, and rendered by its environment and by Jinja2's with made-up
variables. It runs in the process that has the application.
"""

from __future__ import annotations

import importlib
import importlib.util
import itertools
import typing as t
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

import jinja2
from flask import Flask
from jinja2 import meta
from jinja2.runtime import Macro

from .comparison import WAYS, Variables, different_parts
from .made_up import MadeUp
from .outcome import Outcome, described_failure, observe

#: Given a template, the reason for which it is not a native program, None if it is one.
Refusal = Callable[[jinja2.Template], str | None]


#: Variables that have to name a template.
KNOWN = {"admin_base_template": "admin/base.html"}


@dataclass(frozen=True)
class Tally:
    """How the templates of an application were loaded."""

    programs: list[str]
    #: Name → why it stays with Jinja2.
    refused: dict[str, str]
    #: Name → the error of loading it.
    failed: dict[str, str]


def refusal_named(name: str) -> Refusal:
    """Import `module:function`."""
    module, _, function = name.partition(":")
    found: Refusal = getattr(importlib.import_module(module), function)
    return found


def application(program: Path, folder: Path) -> Flask:
    """Make the application of a program."""
    spec = importlib.util.spec_from_file_location(program.stem, program)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    app: Flask = module.make_app(folder)
    return app


Load = tuple[str, Callable[[], jinja2.Template]]


def loads_of(app: Flask) -> Iterator[Load]:
    """Yield the templates of an application, and how each is loaded."""
    for name in names_of(app):
        yield name, lambda name=name: app.jinja_env.get_template(name)  # type: ignore[misc]


def tally(loads: Iterable[Load], refusal: Refusal) -> Tally:
    """Load all these templates, and sort them by what `refusal` says."""
    counted = Tally([], {}, {})
    for name, load in loads:
        try:
            template = load()
        except Exception as error:
            counted.failed[name] = f"{type(error).__name__}: {error}"
            continue
        if (reason := refusal(template)) is None:
            counted.programs.append(name)
        else:
            counted.refused[name] = reason
    return counted


def names_of(app: Flask) -> list[str]:
    names = app.jinja_env.list_templates()
    return [name for name in names if name.rpartition(".")[2] in ("html", "txt", "xml", "jinja", "j2")]


def plain_copy(environment: jinja2.Environment) -> jinja2.Environment:
    """Make an environment of Jinja2's with the settings, filters, tests and globals of another."""
    names = ("autoescape", "undefined", "finalize", "trim_blocks", "lstrip_blocks", "keep_trailing_newline", "loader")
    options: dict[str, t.Any] = {name: getattr(environment, name) for name in names}
    plain = jinja2.Environment(**options, extensions=list(environment.extensions))
    for name in ("filters", "tests", "globals", "policies"):
        setattr(plain, name, getattr(environment, name))
    return plain


def made_up_variables(environment: jinja2.Environment, names: list[str]) -> dict[str, t.Any]:
    """Make a value up for every name that a template does not set itself and the environment does not have."""
    found: set[str] = set()
    for name in names:
        assert environment.loader is not None
        try:
            source = environment.loader.get_source(environment, name)[0]
            found |= meta.find_undeclared_variables(environment.parse(source))
        except jinja2.TemplateError:
            continue
    variables: dict[str, t.Any] = {name: MadeUp(name) for name in sorted(found - environment.globals.keys())}
    variables |= {name: value for name, value in KNOWN.items() if name in variables}
    variables["url_for"] = lambda endpoint, *args, **values: f"/{endpoint}?{sorted(values)}&"
    return variables


def compared(app: Flask) -> Iterator[tuple[str, Outcome]]:
    """Yield for every rendering what differs, which is nothing as a rule, and the outcome on ours."""
    plain = plain_copy(app.jinja_env)
    names = names_of(app)
    contexts = {"made-up variables": made_up_variables(app.jinja_env, names), "no variables": {}}
    with app.test_request_context("/"):
        for name, (label, variables), way in itertools.product(names, contexts.items(), REAL_WAYS):
            sides = (observed(environment, name, way, variables) for environment in (plain, app.jinja_env))
            expected, found = sides
            parts = list(different_parts(expected, found))
            heading = f"=== {name} ({way} with {label})"
            yield "\n".join([heading, *parts]) if parts else "", found


def observed(environment: jinja2.Environment, name: str, way: str, variables: Variables) -> Outcome:
    return observe(lambda: REAL_WAYS[way](environment.get_template(name), variables), environment.globals)


def by_macros(template: jinja2.Template, variables: Variables) -> object:
    """Call every macro of a template with made-up arguments: libraries of macros show nothing by themselves."""
    module = template.make_module(dict(variables))
    results: dict[str, object] = {}
    for name, macro in vars(module).items():
        if isinstance(macro, Macro):
            given = [MadeUp(argument) for argument in macro.arguments if argument != "caller"]
            try:
                results[name] = macro(*given, **({"caller": MadeUp("caller")} if macro.caller else {}))
            except Exception as error:
                results[name] = described_failure(error, template.environment.globals)
    return results


#: The ways that a whole template is rendered.
REAL_WAYS = {"render": WAYS["render"], "generate": WAYS["generate"], "macros": by_macros}
