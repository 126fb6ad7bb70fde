"""The classes of `flask.templating` that stand on Jinja2: the environment of an application, its templates, and the
loader that looks into the application's and its blueprints' folders. Apart from the functions that render, because a
program without templates need not load Jinja2. This module must not know how a view's answer becomes a response.
"""

from __future__ import annotations

import itertools
import logging
import os
import typing as t
from types import CodeType

import jinja2.environment
import jinja2.runtime
from jinja2 import BaseLoader, Environment as BaseEnvironment, Template as BaseTemplate, TemplateNotFound
from jinja2.compiler import CodeGenerator
from jinja2.environment import TemplateModule
from jinja2.exceptions import TemplateRuntimeError
from jinja2.runtime import Context as BaseContext
from jinja2.utils import internalcode
from markupsafe import escape as markupsafe_escape

from ferroflask._core import (
    ContextCore,
    RenderFunction,
    TemplateProgram,
    arm_guards,
    escape,
    loaded_template,
    render_pieces,
    render_program,
    template_context,
)

if t.TYPE_CHECKING:
    from .sansio.app import App
    from .sansio.scaffold import Scaffold

_logger = logging.getLogger("ferroflask.templates")

# Jinja's own, unless a program has put something else in its place.
_JINJA_METHODS = {
    name: method
    for name in ("make_module", "new_context", "render")
    if getattr(method := getattr(BaseTemplate, name), "__globals__", None) is vars(jinja2.environment)
}

# What `FERROFLASK_TEMPLATES` says: `jinja2`, that templates run as the Python code that Jinja generates; `verify`, that
# they are rendered both ways and compared.
_MODE = os.environ.get("FERROFLASK_TEMPLATES", "native")
PROGRAMS = _MODE != "jinja2"

# What a loader returns: source text, file name, and a function that says whether the text is still current.
_Source = tuple[str, str | None, t.Callable[[], bool] | None]


def _is_as_jinja_wrote(method: str) -> bool:
    """Whether a method of Jinja's template is still the one that its module defines."""
    return _JINJA_METHODS.get(method) is getattr(BaseTemplate, method)


class Context(ContextCore, BaseContext):
    """The variables of one rendering: Jinja's context, read natively."""


class Template(BaseTemplate):
    """A template that runs as a native program, with variables that are made natively too."""

    def new_context(
        self, vars: dict[str, t.Any] | None = None, shared: bool = False, locals: t.Mapping[str, t.Any] | None = None
    ) -> BaseContext:
        """Return the variables of one rendering; `vars`, `shared` and `locals` are Jinja's parameters."""
        if _is_as_jinja_wrote("new_context"):
            context = template_context(self, vars, bool(shared), locals)
            if context is not None:
                return context
        return super().new_context(vars, shared, locals)

    def render(self, *args: t.Any, **kwargs: t.Any) -> str:
        """Return the text of the template.

        Args:
            args: a dict of variables, if they are not given by name.
            kwargs: the variables.
        """
        if self.environment.is_async or not _is_as_jinja_wrote("render"):
            return super().render(*args, **kwargs)
        context = self.new_context(dict(*args, **kwargs))
        try:
            text = render_program(self, context)
            return self.environment.concat(self.root_render_func(context)) if text is None else text
        except Exception:
            self.environment.handle_exception()

    def make_module(
        self, vars: dict[str, t.Any] | None = None, shared: bool = False, locals: t.Mapping[str, t.Any] | None = None
    ) -> TemplateModule:
        """Return the template as a module, whose attributes are its macros and variables; parameters are Jinja's."""
        if not _is_as_jinja_wrote("make_module"):
            return super().make_module(vars, shared, locals)
        context = self.new_context(vars, shared, locals)
        return TemplateModule(self, context, render_pieces(self, context))

    @classmethod
    def _from_namespace(
        cls,
        environment: BaseEnvironment,
        namespace: t.MutableMapping[str, t.Any],
        globals: t.MutableMapping[str, t.Any],
    ) -> BaseTemplate:
        """Make a template of its compiled code's names; every value that a page shows goes through `escape`."""
        if namespace.get("escape") is markupsafe_escape:
            namespace["escape"] = escape
        return super()._from_namespace(environment, namespace, globals)


class VerifiedTemplate(Template):
    """A template that is rendered by its program and by Jinja's code, which has the last word. What it calls is called
    twice.
    """

    def render(self, *args: t.Any, **kwargs: t.Any) -> str:
        """Return the text of the template; an error in the log says where the two differ."""
        text = super().render(*args, **kwargs)
        context = self.new_context(dict(*args, **kwargs))
        generated = self.environment.concat(self.root_render_func(context))
        if text != generated:
            same = itertools.takewhile(lambda pair: pair[0] == pair[1], zip(text, generated, strict=False))
            place = sum(1 for _ in same)
            _logger.error(
                "Template %r differs from Jinja's at character %d: %r, Jinja: %r. Please report this; "
                "FERROFLASK_TEMPLATES=jinja2 turns programs off.",
                self.name,
                place,
                text[place : place + 40],
                generated[place : place + 40],
            )
        return generated


class Environment(BaseEnvironment):
    """A Jinja environment that knows its application. `Flask.create_jinja_environment` makes it.

    Args:
        app: the application.
        options: those of `jinja2.Environment`. Without a `loader` it loads through the application's.
    """

    template_class = VerifiedTemplate if _MODE == "verify" else Template
    context_class = Context

    def __init__(self, app: App, **options: t.Any) -> None:
        if "loader" not in options:
            options = {**options, "loader": app.create_global_jinja_loader()}
        super().__init__(**options)
        self.app = app

    def _compile(self, source: str, filename: str) -> CodeType:
        """Return a code object for generated source: with a program in it, where the source is understood as one."""
        program = _program_of(source, filename) if self._runs_programs() else None
        if program is None:
            return super()._compile(source, filename)
        constants = tuple(program if value == _PROGRAM_MARK else value for value in _PROGRAM_CODE.co_consts)
        return _PROGRAM_CODE.replace(co_consts=constants, co_filename=filename)

    def _runs_programs(self) -> bool:
        """Whether templates become programs: not where Jinja's own code may be something else, or goes into a cache."""
        return (
            PROGRAMS
            and not self.is_async
            and not self.sandboxed
            and self.bytecode_cache is None
            and self.code_generator_class is CodeGenerator
            and vars(jinja2.runtime)["escape"] is markupsafe_escape
        )

    @internalcode
    def get_template(
        self,
        name: str | BaseTemplate,
        parent: str | None = None,
        globals: t.MutableMapping[str, t.Any] | None = None,
    ) -> BaseTemplate:
        """Return a template by its name, loaded when it is not yet.

        Args:
            name: the name of the template, or a template object, which is returned.
            parent: the name of the template that names this one, for loaders of relative names.
            globals: more variables for the template, when it is loaded.
        """
        if globals is None and (loaded := loaded_template(self, name)) is not None:
            return loaded
        return super().get_template(name, parent, globals)


# Puts the functions of a program into a template's namespace; the number's place is the program's.
_PROGRAM_MARK = 0.5
_PROGRAM_CODE = compile("(__program__ := 0.5)(globals())", "<program>", "exec")


def _program_of(source: str, filename: str) -> TemplateProgram | None:
    """Return the program of generated source; None when it isn't understood."""
    try:
        return TemplateProgram(source, filename)
    except ValueError:
        return None


def program_refusal(template: BaseTemplate) -> str | None:
    """Return why a template is left to Jinja's own code; None when it runs as a program.

    Args:
        template: a template that was loaded by its name.
    """
    if isinstance(template.root_render_func, RenderFunction):
        return None
    environment = template.environment
    if environment.loader is None or template.name is None:
        return "it has no source to look at"
    source, filename, _ = environment.loader.get_source(environment, template.name)
    filename = filename or "<template>"
    generated = environment.compile(source, template.name, filename, raw=True)
    try:
        TemplateProgram(generated, filename)
    except ValueError as error:
        return str(error)
    return "its environment has a cache of bytecode, a sandbox, async templates or a code generator of its own"


def _missing_dependency(message: str, name: str, namespace: dict[str, t.Any]) -> t.Callable[..., t.Any]:
    """Return what stands for a filter or a test that isn't there: calling it raises.

    Args:
        message: what it says.
        name: the variable of the generated code that it is the value of.
        namespace: the module of that code.
    """

    source = f"def {name}(*unused, error=error):\n    raise error({message!r})"
    found: dict[str, t.Any] = {"error": TemplateRuntimeError}
    exec(compile(source, namespace["__file__"], "exec"), namespace, found)
    return internalcode(t.cast("t.Callable[..., t.Any]", found[name]))


@internalcode
def _merged_keywords(
    function: t.Callable[..., t.Any], named: dict[str, t.Any], more: t.Mapping[str, t.Any]
) -> dict[str, t.Any]:
    """Return the keyword arguments of `function(**named, **more)`; Python's errors name the function."""

    @internalcode
    def merge(**keywords: t.Any) -> dict[str, t.Any]:
        return keywords

    for attribute in ("__module__", "__qualname__"):
        setattr(merge, attribute, getattr(function, attribute, ""))
    return merge(**named, **more)


@internalcode
def _starred(items: t.Iterable[t.Any]) -> list[t.Any]:
    """Return the items of an argument with a star."""
    return [None, *items][1:]


@internalcode
def _unpacked(value: t.Any, count: int) -> tuple[t.Any, ...]:
    """Return the items of a value for `count` targets; Python raises when there are more or fewer."""
    unpack = _UNPACKING.get(count)
    if unpack is None:
        names = "".join(f"item_{number}, " for number in range(count))
        namespace: dict[str, t.Any] = {}
        exec(f"def unpack(value):\n    ({names}) = value\n    return ({names})", namespace)
        unpack = _UNPACKING[count] = internalcode(namespace["unpack"])
    items: tuple[t.Any, ...] = unpack(value)
    return items


# A function for each number of targets.
_UNPACKING: dict[int, t.Callable[[t.Any], tuple[t.Any, ...]]] = {}


def _add_frame(
    error: BaseException, namespace: dict[str, t.Any], name: str, line: int, variables: dict[str, t.Any]
) -> None:
    """Put a frame of a template's function on top of an error's traceback, as the generated code would have.

    Args:
        error: what was raised.
        namespace: the module of the generated code, by which Jinja finds the template.
        name: the function.
        line: the line in the generated code.
        variables: the function's variables.
    """
    code = _RAISING_CODE.replace(co_name=name, co_firstlineno=line, co_filename=namespace["__file__"])
    try:
        exec(code, namespace, {**variables, "__error__": error})
    except BaseException as raised:
        # Without the frame of this function.
        traceback = raised.__traceback__
        error.__traceback__ = traceback and traceback.tb_next


_RAISING_CODE = compile("raise __error__", "<template>", "exec")


def _handle_exception(environment: Environment, error: Exception) -> str:
    """Raise an error of a template's code from where `Template.render` would: Jinja leaves this frame out."""
    try:
        raise error
    except Exception:
        environment.handle_exception()


def _source_or_none(loader: BaseLoader, environment: BaseEnvironment, template: str) -> _Source | None:
    """Load from one loader; None when it has no template of that name."""
    try:
        return loader.get_source(environment, template)
    except TemplateNotFound:
        return None


class DispatchingJinjaLoader(BaseLoader):
    """Looks for a template in the application's folder first, then in each blueprint's, in order of registration.

    Args:
        app: the application.
    """

    def __init__(self, app: App) -> None:
        self.app = app

    def get_source(self, environment: BaseEnvironment, template: str) -> _Source:
        """Return text, file name and freshness test of the first template of a name.

        With `EXPLAIN_TEMPLATE_LOADING` set, every folder is tried and the search is written to the application's log.

        Args:
            environment: the Jinja environment.
            template: the name of the template.

        Raises:
            jinja2.TemplateNotFound: no folder has it.
        """
        explained = self.app.config["EXPLAIN_TEMPLATE_LOADING"]
        search = self._get_source_explained if explained else self._get_source_fast
        return search(environment, template)

    def _get_source_fast(self, environment: BaseEnvironment, template: str) -> _Source:
        for _, loader in self._iter_loaders(template):
            if (found := _source_or_none(loader, environment, template)) is not None:
                return found
        raise TemplateNotFound(template)

    def _get_source_explained(self, environment: BaseEnvironment, template: str) -> _Source:
        from .debughelpers import explain_template_loading_attempts

        attempts = [
            (loader, owner, _source_or_none(loader, environment, template))
            for owner, loader in self._iter_loaders(template)
        ]
        explain_template_loading_attempts(self.app, template, attempts)
        for _, _, found in attempts:
            if found is not None:
                return found
        raise TemplateNotFound(template)

    def _iter_loaders(self, template: str) -> t.Iterator[tuple[Scaffold, BaseLoader]]:
        """Yield the scaffolds that may have `template`, with their loaders; a subclass may choose by name."""
        return self._all_loaders()

    def _all_loaders(self) -> t.Iterator[tuple[Scaffold, BaseLoader]]:
        owners: list[Scaffold] = [self.app, *self.app.iter_blueprints()]
        for owner in owners:
            if (loader := owner.jinja_loader) is not None:
                yield owner, loader

    def list_templates(self) -> list[str]:
        """Return the sorted names of all templates that could be loaded."""
        return sorted({name for _, loader in self._all_loaders() for name in loader.list_templates()})


for _public in (Context, Template, VerifiedTemplate, Environment, DispatchingJinjaLoader):
    _public.__module__ = "flask.templating"

arm_guards(__name__)
