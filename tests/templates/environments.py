"""The environments of the two sides: Jinja2's own and that of `flask.templating`, with the same settings.

Both load from a mapping that changes from case to case, and have the same additional filters, tests and globals, among
them those that want the context, the evaluation context or the environment.
"""

from __future__ import annotations

import enum
import typing as t
from collections.abc import Mapping
from dataclasses import dataclass

import jinja2
from flask import Flask
from flask.templating import Environment
from jinja2 import ChainableUndefined, DebugUndefined, StrictUndefined, Undefined
from jinja2.nodes import EvalContext
from jinja2.runtime import Context, LoopContext

from .odd_values import journal

EXTENSIONS = ("jinja2.ext.do", "jinja2.ext.loopcontrols", "jinja2.ext.i18n", "jinja2.ext.debug")
#: The folder that templates say they come from; it need not exist.
FOLDER = "/templates/"


class Side(enum.Enum):
    PLAIN = "Jinja2's"
    OURS = "ours"


@dataclass(frozen=True)
class Settings:
    """What is chosen about an environment, apart from the templates that it loads."""

    #: True, False, or None for a function that looks at the name of the template.
    autoescape: bool | None = True
    undefined: type[Undefined] = Undefined
    newstyle: bool = True
    finalize: bool = False
    trim: bool = False
    optimized: bool = True

    def __str__(self) -> str:
        words = [f"autoescape {'by name' if self.autoescape is None else self.autoescape}", self.undefined.__name__]
        flags = {"newstyle": self.newstyle, "finalize": self.finalize, "trim": self.trim, "optimized": self.optimized}
        return ", ".join([*words, *(name for name, value in flags.items() if value)])


SETTINGS = (
    Settings(),
    Settings(autoescape=False, undefined=StrictUndefined, newstyle=False),
    Settings(autoescape=None, undefined=ChainableUndefined, finalize=True, trim=True),
    Settings(autoescape=True, undefined=DebugUndefined, newstyle=False, optimized=False),
)


class ChangingLoader(jinja2.BaseLoader):
    """Loads from the texts of the case at hand, and gives every template a file name."""

    texts: Mapping[str, str] = {}

    def get_source(self, environment: jinja2.Environment, template: str) -> tuple[str, str, t.Callable[[], bool]]:
        if template not in self.texts:
            raise jinja2.TemplateNotFound(template)
        return self.texts[template], FOLDER + template, lambda: True

    def list_templates(self) -> list[str]:
        return sorted(self.texts)


@jinja2.pass_context
def of_context(context: Context, value: object, *args: object) -> str:
    names = sorted(name for name in context.get_all() if name not in context.environment.globals)
    return f"{context.name} has {names} for {type(value).__name__} {args}"


@jinja2.pass_eval_context
def of_evaluation(context: EvalContext, value: object = "") -> str:
    return f"autoescape {context.autoescape}, volatile {context.volatile}, {type(value).__name__}"


@jinja2.pass_environment
def of_environment(environment: jinja2.Environment, value: object = "") -> str:
    return f"{environment.block_start_string} and {type(value).__name__}"


@jinja2.pass_context
def resolve(context: Context, name: str) -> object:
    return context.resolve(name)


@jinja2.pass_context
def exported(context: Context) -> str:
    return repr(sorted(context.get_exported()))


def described_loop(loop: LoopContext, *args: object) -> str:
    """Say what a loop is, from outside of its template."""
    return f"{loop!r} at {loop.index} of {loop.length}, {loop.first} {loop.last} {loop.depth} {args}"


def noted(value: object, *args: object, **kwargs: object) -> object:
    """Write the types that arrive, and give the value back."""
    parts = [type(value).__name__, *(type(arg).__name__ for arg in args), *sorted(kwargs)]
    journal.append("noted " + " ".join(parts))
    return value


def arguments(*args: object, **kwargs: object) -> str:
    return f"{[str(arg) for arg in args]} {[(name, str(value)) for name, value in kwargs.items()]}"


def raises(value: object = "", *args: object) -> t.NoReturn:
    raise LookupError(f"<raised> {args}")


def blank_none(value: object) -> object:
    """Show None as nothing: a `finalize`."""
    journal.append(f"finalize {type(value).__name__}")
    return "" if value is None else value


def ngettext(singular: str, plural: str, number: int) -> str:
    return singular if number == 1 else plural


def by_name(name: str | None) -> bool:
    return name is None or not name.endswith(".txt")


_application = Flask("templates")


def make_environment(side: Side, settings: Settings) -> jinja2.Environment:
    """Make the environment of a side; what it loads is given by `load_from`."""
    options: dict[str, t.Any] = {
        "loader": ChangingLoader(),
        "autoescape": by_name if settings.autoescape is None else settings.autoescape,
        "undefined": settings.undefined,
        "finalize": blank_none if settings.finalize else None,
        "trim_blocks": settings.trim,
        "lstrip_blocks": settings.trim,
        "optimized": settings.optimized,
        "extensions": EXTENSIONS,
    }
    environment = jinja2.Environment(**options) if side is Side.PLAIN else Environment(_application, **options)
    environment.install_gettext_callables(  # type: ignore[attr-defined]
        lambda text: text,
        ngettext,
        newstyle=settings.newstyle,
        pgettext=lambda context, text: f"{context}|{text}",
        npgettext=lambda context, singular, plural, number: f"{context}|{ngettext(singular, plural, number)}",
    )
    passed = {"of_context": of_context, "of_evaluation": of_evaluation, "of_environment": of_environment}
    environment.filters |= {**passed, "noted": noted, "raises": raises, "described_loop": described_loop}
    environment.tests |= {**passed, "noted": noted, "raises": raises}
    functions = {"arguments": arguments, "resolve": resolve, "exported": exported, "raises": raises}
    environment.globals.update({**passed, **functions, "described_loop": described_loop, "noted": noted})
    return environment


def load_from(environment: jinja2.Environment, texts: Mapping[str, str]) -> None:
    """Make the environment load from these texts, and forget what it has loaded."""
    loader = environment.loader
    assert isinstance(loader, ChangingLoader)
    loader.texts = texts
    assert environment.cache is not None
    environment.cache.clear()
