"""Environments of Jinja2 that each do one thing wrong, as a backend might. The comparison has to notice every one.

It is Jinja2's side that is spoilt, since its Python code does what it is given whatever backend ours has.
"""

from __future__ import annotations

import typing as t
from collections.abc import Callable
from dataclasses import dataclass

import jinja2
from jinja2 import Template, TemplateNotFound
from jinja2.nodes import EvalContext
from jinja2.runtime import BlockReference, Context, LoopContext, Macro, Undefined
from markupsafe import Markup

from .environments import SETTINGS, Settings

Spoil = Callable[[jinja2.Environment], None]


@dataclass(frozen=True)
class Mutation:
    """One fault, the area of constructs that shows it, and the way of rendering."""

    name: str
    area: str
    spoil: Spoil
    way: str = "render"
    settings: Settings = SETTINGS[0]


def item_first(environment: jinja2.Environment) -> None:
    def getattr_(value: t.Any, name: str) -> t.Any:
        try:
            return value[name]
        except (TypeError, LookupError, AttributeError):
            return getattr(value, name, environment.undefined(obj=value, name=name))

    environment.getattr = getattr_  # type: ignore[method-assign]


def no_attribute_after_item(environment: jinja2.Environment) -> None:
    def getitem(value: t.Any, key: t.Any) -> t.Any:
        try:
            return value[key]
        except (AttributeError, TypeError, LookupError):
            return environment.undefined(obj=value, name=key)

    environment.getitem = getitem  # type: ignore[method-assign]


def one_look_up_more(environment: jinja2.Environment) -> None:
    original = environment.getattr

    def getattr_(value: t.Any, name: str) -> t.Any:
        if not isinstance(value, Undefined):
            hasattr(value, name)
        return original(value, name)

    environment.getattr = getattr_  # type: ignore[method-assign]


def replaced(name: str, value: object) -> Spoil:
    """Replace a name that the generated code imports from `jinja2.runtime`."""

    def spoil(environment: jinja2.Environment) -> None:
        class Spoilt(Template):
            @classmethod
            def _from_namespace(cls, environment: t.Any, namespace: t.Any, globals: t.Any) -> Template:
                namespace[name] = value
                return super()._from_namespace(environment, namespace, globals)

        environment.template_class = Spoilt

    return spoil


def templates_with(**members: t.Any) -> Spoil:
    def spoil(environment: jinja2.Environment) -> None:
        environment.template_class = type("Spoilt", (Template,), members)

    return spoil


def contexts_with(**members: t.Any) -> Spoil:
    def spoil(environment: jinja2.Environment) -> None:
        environment.context_class = type("Context", (Context,), members)

    return spoil


class EagerLoop(LoopContext):
    """Reads all that it loops over before the first round."""

    def __init__(self, iterable: t.Any, *args: t.Any) -> None:
        super().__init__(list(iterable), *args)


class LoopWithoutLast(LoopContext):
    @property
    def last(self) -> bool:
        return False


class LoopFromZero(LoopContext):
    @property
    def depth(self) -> int:
        return self.depth0


class LenientMacro(Macro):
    """Ignores the arguments that it has no names for."""

    def __call__(self, *args: t.Any, **kwargs: t.Any) -> str:
        known = {"caller", *self.arguments}
        if not self.catch_varargs:
            args = args[: self._argument_count + (bool(args) and isinstance(args[0], EvalContext))]
        return super().__call__(*args, **{key: kwargs[key] for key in kwargs if self.catch_kwargs or key in known})


class UnescapedMacro(Macro):
    def _invoke(self, arguments: t.Any, autoescape: bool) -> str:
        return str(super()._invoke(arguments, False))


class NamelessUndefined(Undefined):
    def __init__(self, hint: str | None = None, obj: t.Any = None, name: str | None = None, exc: t.Any = None) -> None:
        super().__init__(hint, None, name)


def shifted_line(template: Template, lineno: int) -> int:
    return Template.get_corresponding_lineno(template, lineno) + 1


def in_one_piece(template: Template, *args: t.Any, **kwargs: t.Any) -> t.Iterator[str]:
    yield template.render(*args, **kwargs)


def without_chain(environment: jinja2.Environment) -> None:
    original = environment.handle_exception

    def handle_exception(source: str | None = None) -> t.NoReturn:
        try:
            original(source)
        except Exception as error:
            raise error from None

    environment.handle_exception = handle_exception  # type: ignore[method-assign]


def without_finalize(environment: jinja2.Environment) -> None:
    environment.finalize = None


def unknown_templates_are_empty(environment: jinja2.Environment) -> None:
    original = environment.select_template

    def select_template(names: t.Any, *args: t.Any, **kwargs: t.Any) -> Template:
        try:
            return original(names, *args, **kwargs)
        except TemplateNotFound:
            return environment.from_string("")

    environment.select_template = select_template  # type: ignore[method-assign]


def first_level(context: Context, name: str, current: t.Any) -> t.Any:
    """Give the block of the base template, whatever level asks for it."""
    return BlockReference(name, context, context.blocks[name], len(context.blocks[name]) - 1)


def call_without_context(context: Context, function: t.Any, *args: t.Any, **kwargs: t.Any) -> t.Any:
    return function(*args, **{key: kwargs[key] for key in kwargs if not key.startswith("_")})


def joined_as_text(parts: t.Any) -> str:
    return "".join(str(part) for part in parts)


def escaped_again(value: t.Any) -> Markup:
    return Markup.escape(str(value))


# A fault must not be found by the name of its class.
for _shipped in (LoopContext, Macro, Undefined):
    for _spoilt in (EagerLoop, LoopWithoutLast, LoopFromZero, LenientMacro, UnescapedMacro, NamelessUndefined):
        if issubclass(_spoilt, _shipped):
            _spoilt.__name__ = _shipped.__name__

STRICT = SETTINGS[1]
FINALIZED = SETTINGS[2]

MUTATIONS = (
    Mutation("the item before the attribute", "expressions", item_first),
    Mutation("no attribute where there is no item", "expressions", no_attribute_after_item),
    Mutation("an attribute is looked up twice", "expressions", one_look_up_more),
    Mutation("values are not escaped", "expressions", replaced("escape", str)),
    Mutation("Markup is escaped again", "expressions", replaced("escape", escaped_again)),
    Mutation("~ forgets Markup", "expressions", replaced("markup_join", joined_as_text)),
    Mutation("a loop reads ahead", "loops", replaced("LoopContext", EagerLoop)),
    Mutation("a loop never ends", "loops", replaced("LoopContext", LoopWithoutLast)),
    Mutation("the depth starts at zero", "loops", replaced("LoopContext", LoopFromZero)),
    Mutation("a macro takes any argument", "macros", replaced("Macro", LenientMacro)),
    Mutation("a macro gives a text", "macros", replaced("Macro", UnescapedMacro)),
    Mutation(
        "an undefined does not know of what", "expressions", lambda env: setattr(env, "undefined", NamelessUndefined)
    ),
    Mutation("lines are one too high", "expressions", templates_with(get_corresponding_lineno=shifted_line)),
    Mutation("pieces are joined", "loops", templates_with(generate=in_one_piece), way="generate"),
    Mutation("a module has no exports", "macros", contexts_with(get_exported=lambda context: {}), way="module"),
    Mutation("names in scopes are not shown", "assignments", contexts_with(get_all=lambda context: context.parent)),
    Mutation("super is the base", "inheritance", contexts_with(super=first_level)),
    Mutation("functions get no context", "expressions", contexts_with(call=call_without_context)),
    Mutation("the reason of an error is dropped", "expressions", without_chain),
    Mutation("finalize is not called", "expressions", without_finalize, settings=FINALIZED),
    Mutation("a missing template is empty", "loading", unknown_templates_are_empty),
    Mutation(
        "undefined is not strict", "expressions", lambda env: setattr(env, "undefined", Undefined), settings=STRICT
    ),
    Mutation("upper is another", "escaping", lambda env: env.filters.update(upper=lambda text: str(text).upper())),
    Mutation("a template is out of date", "inheritance", templates_with(is_up_to_date=False), way="blocks"),
)
