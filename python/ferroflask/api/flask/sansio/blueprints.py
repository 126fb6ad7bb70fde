"""Blueprints: declarations that are recorded, and played back on an application when the blueprint is registered.

It must not know the current app or request; `flask.blueprints` adds what needs them.
"""

from __future__ import annotations

import functools
from collections import defaultdict
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from ..typing import (
    AppOrBlueprintKey,
    RouteCallable,
    TemplateFilterCallable,
    TemplateGlobalCallable,
    TemplateTestCallable,
)
from ._blueprint_paths import free_name, join_paths, options_below
from ._setupmethod import add_for_all, decorator_for
from ._types import (
    F,
    Hooks,
    PathArg,
    T_after_request as T_after_request,
    T_before_request as T_before_request,
    T_error_handler as T_error_handler,
    T_teardown as T_teardown,
    T_template_context_processor as T_template_context_processor,
    T_template_filter as T_template_filter,
    T_template_global as T_template_global,
    T_template_test as T_template_test,
    T_url_defaults as T_url_defaults,
    T_url_value_preprocessor as T_url_value_preprocessor,
)
from .scaffold import Scaffold, _endpoint_from_view_func, _sentinel, setupmethod

if TYPE_CHECKING:
    from .app import App

DeferredSetupFunction = Callable[["BlueprintSetupState"], None]


class BlueprintSetupState:
    """One registration of a blueprint on an application: what each recorded function is called with.

    Extensions subclass it (`Blueprint.make_setup_state`) or replace `add_url_rule` on the instance.

    Args:
        blueprint: the blueprint.
        app: the application.
        options: the keyword arguments of `register_blueprint`. Each goes before the blueprint's own setting.
        first_registration: False when the application has the blueprint already, under another name.
    """

    def __init__(self, blueprint: Blueprint, app: App, options: Any, first_registration: bool) -> None:
        self.app = app
        self.blueprint = blueprint
        # The keyword arguments of `register_blueprint`; each goes before the blueprint's own setting.
        self.options = options
        # False when the app has the blueprint already, under another name.
        self.first_registration = first_registration

        def chosen(option: str, own: str | None) -> str | None:
            given: str | None = options.get(option)
            return own if given is None else given

        self.subdomain = chosen("subdomain", blueprint.subdomain)
        self.url_prefix = chosen("url_prefix", blueprint.url_prefix)
        self.name: str = options.get("name", blueprint.name)
        # The dotted name of the blueprint this one is nested in, or "".
        self.name_prefix: str = options.get("name_prefix", "")
        # Values that every rule of the blueprint gets as defaults.
        self.url_defaults: dict[str, Any] = dict(blueprint.url_values_defaults)
        self.url_defaults.update(options.get("url_defaults", ()))

    def add_url_rule(
        self, rule: str, endpoint: str | None = None, view_func: RouteCallable | None = None, **options: Any
    ) -> None:
        """Add a rule to the application: its text after the URL prefix, its endpoint after the blueprint's name.

        Args:
            rule: the rule, as for `Flask.route`.
            endpoint: the endpoint without the blueprint's name, by default the name of `view_func`.
            view_func: the view.
            options: those of `Flask.add_url_rule`.
        """
        if self.url_prefix is not None:
            rule = join_paths(self.url_prefix, rule) if rule else self.url_prefix
        if endpoint is None:
            endpoint = _endpoint_from_view_func(view_func)
        options.setdefault("subdomain", self.subdomain)
        if "defaults" in options:
            options["defaults"] = {**self.url_defaults, **options["defaults"]}
        else:
            options["defaults"] = self.url_defaults
        full_endpoint = ".".join((self.name_prefix, self.name, endpoint)).lstrip(".")
        self.app.add_url_rule(rule, full_endpoint, view_func, **options)


class Blueprint(Scaffold):
    """The recording half of a blueprint. `flask.Blueprint` adds what serves its files.

    `name` starts its endpoints; it must be there and hold no dot (ValueError). `import_name`, `static_folder`,
    `static_url_path`, `template_folder` and `root_path` are those of `Scaffold`. `url_prefix`, `subdomain` and
    `url_defaults` count for all its rules. `cli_group`: the name its commands get as a group, None to put them beside
    the application's own; by default the blueprint's name.
    """

    _got_registered_once = False

    def __init__(
        self,
        name: str,
        import_name: str,
        static_folder: PathArg | None = None,
        static_url_path: str | None = None,
        template_folder: PathArg | None = None,
        url_prefix: str | None = None,
        subdomain: str | None = None,
        url_defaults: dict[str, Any] | None = None,
        root_path: str | None = None,
        cli_group: str | None = _sentinel,
    ):
        super().__init__(import_name, static_folder, static_url_path, template_folder, root_path)
        if not name:
            raise ValueError("'name' may not be empty.")
        _refuse_dot("name", name)
        self.name = name
        self.url_prefix = url_prefix
        self.subdomain = subdomain
        self.url_values_defaults: dict[str, Any] = {} if url_defaults is None else url_defaults
        self.cli_group = cli_group
        self.deferred_functions: list[DeferredSetupFunction] = []
        self._blueprints: list[tuple[Blueprint, dict[str, Any]]] = []

    def _check_setup_finished(self, f_name: str) -> None:
        if not self._got_registered_once:
            return
        raise AssertionError(
            f"The setup method '{f_name}' can no longer be called on the blueprint '{self.name}'. It has already been"
            " registered at least once, any changes will not be applied consistently.\nMake sure all imports,"
            " decorators, functions, etc. needed to set up the blueprint are done before registering it."
        )

    # Recording --------------------------------------------------------------------------------------------------------

    @setupmethod
    def record(self, func: DeferredSetupFunction) -> None:
        """Record a function to be called at every registration of the blueprint.

        Args:
            func: the function. It gets the `BlueprintSetupState`, with `state.app` and `state.options`.
        """
        self.deferred_functions.append(func)

    @setupmethod
    def record_once(self, func: DeferredSetupFunction) -> None:
        """Record a function to be called at the first registration of the blueprint on an application only.

        Args:
            func: the function. It gets the `BlueprintSetupState`.
        """

        @functools.wraps(func)
        def unless_repeated(state: BlueprintSetupState) -> None:
            if state.first_registration:
                func(state)

        self.record(unless_repeated)

    @setupmethod
    def add_url_rule(
        self,
        rule: str,
        endpoint: str | None = None,
        view_func: RouteCallable | None = None,
        provide_automatic_options: bool | None = None,
        **options: Any,
    ) -> None:
        """Record a rule, to be added when the blueprint is registered: `route` without the decorator.

        Args:
            rule: the rule, as for `Flask.route`. The blueprint's URL prefix comes in front.
            endpoint: the endpoint without the blueprint's name, by default the name of `view_func`.
            view_func: the view.
            provide_automatic_options: whether OPTIONS is answered for the view, as for `Flask.add_url_rule`.
            options: those of `Flask.add_url_rule`.

        Raises:
            ValueError: there is a dot in the endpoint or in the view's name.
        """
        _refuse_dot("endpoint", endpoint)
        _refuse_dot("view_func", getattr(view_func, "__name__", None) if view_func else None, " name")
        options["provide_automatic_options"] = provide_automatic_options
        # `add_url_rule` is looked up on the state: Flask-RESTful puts its own on the instance.
        self.record(lambda state: state.add_url_rule(rule, endpoint, view_func, **options))

    @setupmethod
    def register_blueprint(self, blueprint: Blueprint, **options: Any) -> None:
        """Nest another blueprint, to be registered along with this one.

        Its name and URL prefix come after this one's: `parent.child`.

        Args:
            blueprint: the blueprint to nest.
            options: those of `Flask.register_blueprint`.

        Raises:
            ValueError: it is the blueprint itself.
        """
        if blueprint is self:
            raise ValueError("Cannot register a blueprint on itself")
        self._blueprints.append((blueprint, options))

    # Registration -----------------------------------------------------------------------------------------------------

    def make_setup_state(
        self, app: App, options: dict[str, Any], first_registration: bool = False
    ) -> BlueprintSetupState:
        """Make the object that recorded functions are called with. Override it to use a subclass.

        Args:
            app: the application.
            options: the keyword arguments of `register_blueprint`.
            first_registration: False when the application has the blueprint already, under another name.
        """
        return BlueprintSetupState(self, app, options, first_registration)

    def register(self, app: App, options: dict[str, Any]) -> None:
        """Put everything recorded into an application. `Flask.register_blueprint` calls this; override it to do more.

        Args:
            app: the application.
            options: the keyword arguments of `register_blueprint`.

        Raises:
            ValueError: the application has a blueprint of that name; the option `name` gives another one.
        """
        name = free_name(self, app, options)
        is_new = all(known is not self for known in app.blueprints.values())
        app.blueprints[name] = self
        self._got_registered_once = True
        state = self.make_setup_state(app, options, is_new)

        if self.has_static_folder:
            serve: RouteCallable = self.send_static_file  # type: ignore[attr-defined]
            state.add_url_rule(f"{self.static_url_path}/<path:filename>", view_func=serve, endpoint="static")
        self._merge_blueprint_funcs(app, name)
        for deferred in self.deferred_functions:
            deferred(state)
        # A group that nobody has looked at is not there yet, and has no commands.
        if "cli" in vars(self) and self.cli.commands:
            _attach_commands(self, app, name, options.get("cli_group", self.cli_group))
        for nested, nested_options in self._blueprints:
            nested.register(app, options_below(state, name, nested, nested_options))

    def _merge_blueprint_funcs(self, app: App, name: str) -> None:
        """Copy the blueprint's hooks and handlers into the app's dicts, keyed by the name it is registered under."""

        def app_key(key: AppOrBlueprintKey) -> str:
            return name if key is None else f"{name}.{key}"

        for scope, by_code in self.error_handler_spec.items():
            copied = {code: dict(handlers) for code, handlers in by_code.items()}
            app.error_handler_spec[app_key(scope)] = defaultdict(dict, copied)
        app.view_functions.update(self.view_functions)

        pairs: tuple[tuple[Hooks, Hooks], ...] = (
            (self.url_value_preprocessors, app.url_value_preprocessors),
            (self.before_request_funcs, app.before_request_funcs),
            (self.after_request_funcs, app.after_request_funcs),
            (self.teardown_request_funcs, app.teardown_request_funcs),
            (self.template_context_processors, app.template_context_processors),
            (self.url_default_functions, app.url_default_functions),
        )
        for own, apps in pairs:
            for scope, functions in own.items():
                apps[app_key(scope)].extend(functions)

    # Hooks for every request of the app -------------------------------------------------------------------------------

    def _record_hook(self, hooks_of: Callable[[App], Hooks], f: F) -> F:
        def on_app(state: BlueprintSetupState) -> None:
            add_for_all(hooks_of(state.app), f)

        self.record_once(on_app)
        return f

    @setupmethod
    def before_app_request(self, f: T_before_request) -> T_before_request:
        """Decorate a function to be called before the view of each request of the application.

        Args:
            f: the function, as for `Flask.before_request`. It is returned.
        """
        return self._record_hook(lambda app: app.before_request_funcs, f)

    @setupmethod
    def after_app_request(self, f: T_after_request) -> T_after_request:
        """Decorate a function to be called with the response of each request of the application.

        Args:
            f: the function, as for `Flask.after_request`. It is returned.
        """
        return self._record_hook(lambda app: app.after_request_funcs, f)

    @setupmethod
    def teardown_app_request(self, f: T_teardown) -> T_teardown:
        """Decorate a function to be called when the context of any request of the application ends.

        Args:
            f: the function, as for `Flask.teardown_request`. It is returned.
        """
        return self._record_hook(lambda app: app.teardown_request_funcs, f)

    @setupmethod
    def app_context_processor(self, f: T_template_context_processor) -> T_template_context_processor:
        """Decorate a function that adds variables to every template of the application.

        Args:
            f: the function, as for `Flask.context_processor`. It is returned.
        """
        return self._record_hook(lambda app: app.template_context_processors, f)

    @setupmethod
    def app_url_value_preprocessor(self, f: T_url_value_preprocessor) -> T_url_value_preprocessor:
        """Decorate a function that sees the values of every URL of the application first.

        Args:
            f: the function, as for `Flask.url_value_preprocessor`. It is returned.
        """
        return self._record_hook(lambda app: app.url_value_preprocessors, f)

    @setupmethod
    def app_url_defaults(self, f: T_url_defaults) -> T_url_defaults:
        """Decorate a function that adds values when any URL of the application is built.

        Args:
            f: the function, as for `Flask.url_defaults`. It is returned.
        """
        return self._record_hook(lambda app: app.url_default_functions, f)

    @setupmethod
    def app_errorhandler(self, code: type[Exception] | int) -> Callable[[T_error_handler], T_error_handler]:
        """Decorate a function that answers an error anywhere in the application.

        Args:
            code: an HTTP status code or an exception class, as for `Flask.errorhandler`.
        """

        def declare(f: T_error_handler) -> None:
            def on_app(state: BlueprintSetupState) -> None:
                state.app.errorhandler(code)(f)

            self.record_once(on_app)

        return decorator_for(declare)

    # Names for every template of the app ------------------------------------------------------------------------------

    @setupmethod
    def app_template_filter(self, name: str | None = None) -> Callable[[T_template_filter], T_template_filter]:
        """Decorate a function that all templates of the application use as a filter.

        Args:
            name: the filter's name, by default the function's.
        """
        return decorator_for(lambda f: self.add_app_template_filter(f, name=name))

    @setupmethod
    def add_app_template_filter(self, f: TemplateFilterCallable, name: str | None = None) -> None:
        """Record a filter for all templates of the application: `app_template_filter` without the decorator.

        Args:
            f: the function, as for `Flask.add_template_filter`.
            name: the filter's name, by default the function's.
        """
        self.record_once(lambda state: state.app.jinja_env.filters.update({name or f.__name__: f}))

    @setupmethod
    def app_template_test(self, name: str | None = None) -> Callable[[T_template_test], T_template_test]:
        """Decorate a function that all templates of the application use as a test.

        Args:
            name: the test's name, by default the function's.
        """
        return decorator_for(lambda f: self.add_app_template_test(f, name=name))

    @setupmethod
    def add_app_template_test(self, f: TemplateTestCallable, name: str | None = None) -> None:
        """Record a test for all templates of the application: `app_template_test` without the decorator.

        Args:
            f: the function, as for `Flask.add_template_test`.
            name: the test's name, by default the function's.
        """
        self.record_once(lambda state: state.app.jinja_env.tests.update({name or f.__name__: f}))

    @setupmethod
    def app_template_global(self, name: str | None = None) -> Callable[[T_template_global], T_template_global]:
        """Decorate a function that all templates of the application can call.

        Args:
            name: the name in templates, by default the function's.
        """
        return decorator_for(lambda f: self.add_app_template_global(f, name=name))

    @setupmethod
    def add_app_template_global(self, f: TemplateGlobalCallable, name: str | None = None) -> None:
        """Record a function that all templates can call: `app_template_global` without the decorator.

        Args:
            f: the function.
            name: the name in templates, by default the function's.
        """
        self.record_once(lambda state: state.app.jinja_env.globals.update({name or f.__name__: f}))


def _refuse_dot(argument: str, value: str | None, suffix: str = "") -> None:
    if value and "." in value:
        raise ValueError(f"'{argument}'{suffix} may not contain a dot '.' character.")


def _attach_commands(blueprint: Blueprint, app: App, name: str, group: str | None) -> None:
    if group is None:
        app.cli.commands.update(blueprint.cli.commands)
        return
    blueprint.cli.name = name if group is _sentinel else group
    app.cli.add_command(blueprint.cli)


if not TYPE_CHECKING:
    from .._reexports import borrow

    borrow(__name__)
