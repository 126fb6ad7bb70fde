"""The classes of `flask.templating` that stand on Jinja2: the environment of an application, its templates, and the
loader that looks into the application's and its blueprints' folders. Apart from the functions that render, because a
program without templates need not load Jinja2. This module must not know how a view's answer becomes a response.
"""

from __future__ import annotations

import typing as t
from collections import ChainMap

import jinja2.environment
from jinja2 import BaseLoader, Environment as BaseEnvironment, Template as BaseTemplate, TemplateNotFound
from jinja2.runtime import Context as BaseContext, new_context
from jinja2.utils import internalcode
from markupsafe import escape as markupsafe_escape

from ferroflask._core import ContextCore, arm_guards, escape, loaded_template

if t.TYPE_CHECKING:
    from .sansio.app import App
    from .sansio.scaffold import Scaffold

# Jinja's own, unless a program has put something else in its place.
_jinja_new_context = BaseTemplate.new_context
_is_written_by_jinja = getattr(_jinja_new_context, "__globals__", None) is vars(jinja2.environment)

# What a loader returns: source text, file name, and a function that says whether the text is still current.
_Source = tuple[str, str | None, t.Callable[[], bool] | None]


class Context(ContextCore, BaseContext):
    """The variables of one rendering: Jinja's context, read natively."""


class Template(BaseTemplate):
    """A template that is rendered from a plain dict: Jinja would copy its chained globals name by name, which costs
    more than a small page does.
    """

    def new_context(
        self, vars: dict[str, t.Any] | None = None, shared: bool = False, locals: t.Mapping[str, t.Any] | None = None
    ) -> BaseContext:
        """Return the variables of one rendering; `vars`, `shared` and `locals` are Jinja's parameters."""
        patched = BaseTemplate.new_context is not _jinja_new_context or not _is_written_by_jinja
        if patched or shared or type(self.globals) is not ChainMap:
            return super().new_context(vars, shared, locals)
        names: dict[str, t.Any] = {}
        for layer in reversed(self.globals.maps):
            names.update(layer)
        return new_context(self.environment, self.name, self.blocks, vars, shared, names, locals)

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


class Environment(BaseEnvironment):
    """A Jinja environment that knows its application. `Flask.create_jinja_environment` makes it.

    Args:
        app: the application.
        options: those of `jinja2.Environment`. Without a `loader` it loads through the application's.
    """

    template_class = Template
    context_class = Context

    def __init__(self, app: App, **options: t.Any) -> None:
        if "loader" not in options:
            options = {**options, "loader": app.create_global_jinja_loader()}
        super().__init__(**options)
        self.app = app

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


for _public in (Context, Template, Environment, DispatchingJinjaLoader):
    _public.__module__ = "flask.templating"

arm_guards(__name__)
