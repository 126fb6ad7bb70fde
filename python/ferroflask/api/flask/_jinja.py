"""The classes of `flask.templating` that stand on Jinja2: the environment of an application, its templates, and the
loader that looks into the application's and its blueprints' folders. Apart from the functions that render, because a
program without templates need not load Jinja2. This module must not know how a view's answer becomes a response.
"""

from __future__ import annotations

import typing as t
from collections import ChainMap

from jinja2 import BaseLoader, Environment as BaseEnvironment, Template as BaseTemplate, TemplateNotFound
from jinja2.runtime import Context, new_context
from markupsafe import escape as markupsafe_escape

from ferroflask._core import escape

if t.TYPE_CHECKING:
    from .sansio.app import App
    from .sansio.scaffold import Scaffold

# What a loader answers: source text, file name, and a function that tells whether the text is still current.
_Source = tuple[str, str | None, t.Callable[[], bool] | None]


class Template(BaseTemplate):
    """A template that is rendered from a plain dict: Jinja would copy its chained globals name by name, which costs
    more than a small page does.
    """

    def new_context(
        self, vars: dict[str, t.Any] | None = None, shared: bool = False, locals: t.Mapping[str, t.Any] | None = None
    ) -> Context:
        """Return the variables of one rendering; the parameters are Jinja's."""
        if shared or type(self.globals) is not ChainMap:
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
    """A Jinja environment that knows its application and, unless `options` name a loader, loads through it."""

    template_class = Template

    def __init__(self, app: App, **options: t.Any) -> None:
        if "loader" not in options:
            options = {**options, "loader": app.create_global_jinja_loader()}
        super().__init__(**options)
        self.app = app


def _source_or_none(loader: BaseLoader, environment: BaseEnvironment, template: str) -> _Source | None:
    """Ask one loader; None when it has no template of that name."""
    try:
        return loader.get_source(environment, template)
    except TemplateNotFound:
        return None


class DispatchingJinjaLoader(BaseLoader):
    """Looks for a template in the application's folder first, then in each blueprint's, in order of registration."""

    def __init__(self, app: App) -> None:
        self.app = app

    def get_source(self, environment: BaseEnvironment, template: str) -> _Source:
        """Return (text, file name, freshness test) of the first template of that name. Raises TemplateNotFound.

        With `EXPLAIN_TEMPLATE_LOADING` set, every folder is tried and the search is written to the application's log.
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
        """Yield the scaffolds to ask for `template` with their loaders; a subclass may choose by name."""
        return self._all_loaders()

    def _all_loaders(self) -> t.Iterator[tuple[Scaffold, BaseLoader]]:
        owners: list[Scaffold] = [self.app, *self.app.iter_blueprints()]
        for owner in owners:
            if (loader := owner.jinja_loader) is not None:
                yield owner, loader

    def list_templates(self) -> list[str]:
        """Return the sorted names of all templates that could be loaded."""
        return sorted({name for _, loader in self._all_loaders() for name in loader.list_templates()})


for _public in (Template, Environment, DispatchingJinjaLoader):
    _public.__module__ = "flask.templating"
