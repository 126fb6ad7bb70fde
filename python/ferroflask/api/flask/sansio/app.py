"""What an application declares: settings, rules, blueprints, templates, the classes it is made of. It serves nothing.

It must not import the request, the response or the proxies; `flask.app` adds the serving half.
"""

from __future__ import annotations

import logging
import os
import sys
from collections.abc import Callable, ValuesView
from datetime import timedelta
from typing import TYPE_CHECKING, Any, cast

from werkzeug.exceptions import Aborter, BadRequest, BadRequestKeyError
from werkzeug.routing import BuildError, Map, Rule
from werkzeug.sansio.response import Response
from werkzeug.utils import cached_property, redirect as _wz_redirect

from ferroflask._core import redirect_response
from ferroflask.url_map.map import UrlMap

from .. import _jinja_types as jinja
from ..config import Config, ConfigAttribute
from ..ctx import _AppCtxGlobals
from ..helpers import _split_blueprint_path, get_debug_flag
from ..json.provider import DefaultJSONProvider, JSONProvider
from ..logging import create_logger
from ..typing import (
    AppOrBlueprintKey,
    ErrorHandlerCallable,
    RouteCallable,
    ShellContextProcessorCallable,
    TeardownCallable,
    TemplateFilterCallable,
    TemplateGlobalCallable,
    TemplateTestCallable,
)
from ._errors import find_handler
from ._rules import methods_and_automatic_options
from ._setupmethod import decorator_for
from ._types import (
    PathArg,
    T_shell_context_processor as T_shell_context_processor,
    T_teardown as T_teardown,
    T_template_filter as T_template_filter,
    T_template_global as T_template_global,
    T_template_test as T_template_test,
)
from .scaffold import Scaffold, _endpoint_from_view_func, find_package, setupmethod

if TYPE_CHECKING:
    from werkzeug.wrappers import Response as BaseResponse

    from ..testing import FlaskClient, FlaskCliRunner
    from .blueprints import Blueprint

_ESCAPED_SUFFIXES = (".html", ".htm", ".xml", ".xhtml", ".svg")


def _make_timedelta(value: timedelta | int | None) -> timedelta | None:
    """Read a number as seconds."""
    return timedelta(seconds=value) if value is not None and not isinstance(value, timedelta) else value


class _EnvironmentClass:
    """The attribute `jinja_environment` of a class that has none of its own: Jinja2 is loaded on first access."""

    def __get__(self, app: App | None, kind: type) -> type[jinja.Environment]:
        from ..templating import Environment

        return Environment


class App(Scaffold):
    """The declaring half of an application: settings, rules, blueprints, templates. `Flask` adds what serves it.

    `import_name` is the name of the module or package it belongs to: resources, the instance folder and the logger's
    name follow from it. `static_folder` and `template_folder` are relative to `root_path`; `static_url_path` is the URL
    path of static files. `static_host` is needed for them when `host_matching` is on; `subdomain_matching` makes rules
    with a subdomain count. `instance_path` must be absolute (ValueError); with `instance_relative_config` configuration
    files are looked for there.
    """

    # What parts are made of; replace them on a subclass ---------------------------------------------------------------

    aborter_class = Aborter
    app_ctx_globals_class = _AppCtxGlobals
    config_class = Config
    jinja_environment: type[jinja.Environment] = _EnvironmentClass()  # type: ignore[assignment]
    json_provider_class: type[JSONProvider] = DefaultJSONProvider
    url_rule_class = Rule
    url_map_class: type[Map] = UrlMap
    # None: `FlaskClient` and `FlaskCliRunner`, imported on first use.
    test_client_class: type[FlaskClient] | None = None
    test_cli_runner_class: type[FlaskCliRunner] | None = None
    # Keyword arguments for `jinja_environment`, read once, when `jinja_env` is made.
    jinja_options: dict[str, Any] = {}  # noqa: RUF012 - replaced on instances too
    # Given by the serving half.
    default_config: dict[str, Any]
    response_class: type[Response]

    # Settings that are attributes too ---------------------------------------------------------------------------------

    testing = ConfigAttribute[bool]("TESTING")
    secret_key = ConfigAttribute[str | bytes | None]("SECRET_KEY")
    permanent_session_lifetime = ConfigAttribute[timedelta](
        "PERMANENT_SESSION_LIFETIME",
        get_converter=_make_timedelta,  # type: ignore[arg-type]
    )

    def __init__(
        self,
        import_name: str,
        static_url_path: str | None = None,
        static_folder: PathArg | None = "static",
        static_host: str | None = None,
        host_matching: bool = False,
        subdomain_matching: bool = False,
        template_folder: PathArg | None = "templates",
        instance_path: str | None = None,
        instance_relative_config: bool = False,
        root_path: str | None = None,
    ) -> None:
        super().__init__(import_name, static_folder, static_url_path, template_folder, root_path)
        if instance_path is not None and not os.path.isabs(instance_path):
            raise ValueError("If an instance path is provided it must be absolute. A relative path was given instead.")
        self.instance_path: str = self.auto_find_instance_path() if instance_path is None else instance_path
        self.config = self.make_config(instance_relative_config)
        # Called by `flask.abort`, by `flask.json`.
        self.aborter = self.make_aborter()
        self.json: JSONProvider = self.json_provider_class(self)

        # {name: blueprint} in order of registration; {extension: its state}
        self.blueprints: dict[str, Blueprint] = {}
        self.extensions: dict[str, Any] = {}
        self.teardown_appcontext_funcs: list[TeardownCallable] = []
        self.shell_context_processors: list[ShellContextProcessorCallable] = []
        # `f(error, endpoint, values)`, called in turn by `handle_url_build_error`.
        self.url_build_error_handlers: list[Callable[[Exception, str, dict[str, Any]], str]] = []

        self.url_map = self.url_map_class(host_matching=host_matching)
        self.subdomain_matching = subdomain_matching
        # Set by the first request; declaring ends there.
        self._got_first_request = False

    def _check_setup_finished(self, f_name: str) -> None:
        if not self._got_first_request:
            return
        raise AssertionError(
            f"The setup method '{f_name}' can no longer be called on the application. It has already handled its"
            " first request, any changes will not be applied consistently.\nMake sure all imports, decorators,"
            " functions, etc. needed to set up the application are done before running it."
        )

    # Settings ---------------------------------------------------------------------------------------------------------

    @cached_property
    def name(self) -> str:
        """The name of the application: `import_name`, or for `__main__` the file name of the script without `.py`.

        May be assigned.
        """
        if self.import_name != "__main__":
            return self.import_name
        script: str | None = getattr(sys.modules["__main__"], "__file__", None)
        return "__main__" if script is None else os.path.splitext(os.path.basename(script))[0]

    @cached_property
    def logger(self) -> logging.Logger:
        """The logger of the application, of the standard library's `logging`; its name is the application's.

        When first used it gets the level DEBUG in debug mode, and a handler that writes to the server's error stream,
        unless a logging configuration has set them.
        """
        return create_logger(self)

    @property
    def debug(self) -> bool:
        """Whether debug mode is on: the setting `DEBUG`, by default from the environment variable `FLASK_DEBUG`.

        Setting it makes templates reload when their files change, unless `TEMPLATES_AUTO_RELOAD` says otherwise.
        """
        return cast(bool, self.config["DEBUG"])

    @debug.setter
    def debug(self, value: bool) -> None:
        self.config["DEBUG"] = value
        if self.config["TEMPLATES_AUTO_RELOAD"] is None:
            self.jinja_env.auto_reload = value

    def make_config(self, instance_relative: bool = False) -> Config:
        """Make the object that becomes `config`. Called once, by the constructor.

        Args:
            instance_relative: whether the names of configuration files are relative to the instance folder, not to the
                root folder.
        """
        folder = self.instance_path if instance_relative else self.root_path
        return self.config_class(folder, {**self.default_config, "DEBUG": get_debug_flag()})

    def make_aborter(self) -> Aborter:
        """Make `aborter`, the callable behind `flask.abort`, from `aborter_class`. Called once, by the constructor."""
        return self.aborter_class()

    def auto_find_instance_path(self) -> str:
        """Return the instance folder of an application that was given none.

        It is `instance` beside the module or package, or `var/NAME-instance` below the prefix that the package is
        installed in.
        """
        prefix, folder = find_package(self.import_name)
        parts = (folder, "instance") if prefix is None else (prefix, "var", f"{self.name}-instance")
        return os.path.join(*parts)

    # Templates --------------------------------------------------------------------------------------------------------

    def create_jinja_environment(self) -> jinja.Environment:
        """Make `jinja_env`; the serving half does."""
        raise NotImplementedError()

    @cached_property
    def jinja_env(self) -> jinja.Environment:
        """The Jinja environment that renders the templates of the application, made when first used."""
        return self.create_jinja_environment()

    def create_global_jinja_loader(self) -> jinja.DispatchingJinjaLoader:
        """Make the loader of `jinja_env`: it looks into the application's templates, then into each blueprint's."""
        from ..templating import DispatchingJinjaLoader

        return DispatchingJinjaLoader(self)

    def select_jinja_autoescape(self, filename: str | None) -> bool:
        """Return whether values in a template are escaped for HTML.

        Override it to decide in another way.

        Args:
            filename: the name of the template; None for one that is made from a text, which is always escaped.

        Returns True for names ending in .html, .htm, .xml, .xhtml and .svg.
        """
        return filename is None or filename.endswith(_ESCAPED_SUFFIXES)

    @setupmethod
    def template_filter(self, name: str | None = None) -> Callable[[T_template_filter], T_template_filter]:
        """Decorate a function that templates use as a filter.

            @app.template_filter()
            def shout(text):
                return text.upper() + "!"

        A template then says `{{ name|shout }}`.

        Args:
            name: the filter's name, by default the function's.
        """
        return decorator_for(lambda f: self.add_template_filter(f, name=name))

    @setupmethod
    def add_template_filter(self, f: TemplateFilterCallable, name: str | None = None) -> None:
        """Add a template filter: `template_filter` without the decorator.

        Args:
            f: the function. It gets the value to the left of the bar, then the filter's arguments.
            name: the filter's name, by default the function's.
        """
        self.jinja_env.filters[name or f.__name__] = f

    @setupmethod
    def template_test(self, name: str | None = None) -> Callable[[T_template_test], T_template_test]:
        """Decorate a function that templates use as a test.

            @app.template_test()
            def even(number):
                return number % 2 == 0

        A template then says `{% if page is even %}`.

        Args:
            name: the test's name, by default the function's.
        """
        return decorator_for(lambda f: self.add_template_test(f, name=name))

    @setupmethod
    def add_template_test(self, f: TemplateTestCallable, name: str | None = None) -> None:
        """Add a template test: `template_test` without the decorator.

        Args:
            f: the function. It gets the value to the left of `is`, then the test's arguments, and returns a boolean.
            name: the test's name, by default the function's.
        """
        self.jinja_env.tests[name or f.__name__] = f

    @setupmethod
    def template_global(self, name: str | None = None) -> Callable[[T_template_global], T_template_global]:
        """Decorate a function that templates can call.

            @app.template_global()
            def double(number):
                return 2 * number

        A template then says `{{ double(21) }}`.

        Args:
            name: the name in templates, by default the function's.
        """
        return decorator_for(lambda f: self.add_template_global(f, name=name))

    @setupmethod
    def add_template_global(self, f: TemplateGlobalCallable, name: str | None = None) -> None:
        """Add a function that templates can call: `template_global` without the decorator.

        Args:
            f: the function.
            name: the name in templates, by default the function's.
        """
        self.jinja_env.globals[name or f.__name__] = f

    # Rules and blueprints ---------------------------------------------------------------------------------------------

    @setupmethod
    def add_url_rule(
        self,
        rule: str,
        endpoint: str | None = None,
        view_func: RouteCallable | None = None,
        provide_automatic_options: bool | None = None,
        **options: Any,
    ) -> None:
        if endpoint is None:
            endpoint = _endpoint_from_view_func(view_func)
        methods, automatic = methods_and_automatic_options(
            view_func, options.pop("methods", None), provide_automatic_options, self.config
        )
        made = self.url_rule_class(rule, methods=methods, endpoint=endpoint, **options)
        made.provide_automatic_options = automatic  # type: ignore[attr-defined]
        self.url_map.add(made)

        if view_func is not None:
            present = self.view_functions.get(endpoint)
            if present is not None and present != view_func:
                raise AssertionError(f"View function mapping is overwriting an existing endpoint function: {endpoint}")
            self.view_functions[endpoint] = view_func

    @setupmethod
    def register_blueprint(self, blueprint: Blueprint, **options: Any) -> None:
        """Attach a blueprint: its rules, hooks, handlers, templates and commands become the application's.

            app.register_blueprint(shop, url_prefix="/shop")

        Args:
            blueprint: the blueprint.
            options: `name`, `url_prefix`, `subdomain`, `url_defaults` and `cli_group` go before the blueprint's own.
                All of them reach the functions it has recorded as `state.options`.

        Raises:
            ValueError: a blueprint of that name is attached already; give it another `name`.
        """
        blueprint.register(self, options)

    def iter_blueprints(self) -> ValuesView[Blueprint]:
        """Return the attached blueprints, in order of registration."""
        return self.blueprints.values()

    @setupmethod
    def teardown_appcontext(self, f: T_teardown) -> T_teardown:
        """Decorate a function to be called when an application context ends.

        That is after each request, after each command and at the end of `with app.app_context()`. Connections that are
        in `g` are closed here:

            @app.teardown_appcontext
            def close_database(error):
                if (database := g.pop("database", None)) is not None:
                    database.close()

        Args:
            f: the function. It gets an exception that nobody handled, or None. What it returns is ignored, and it must
                not raise.

        Returns `f`.
        """
        self.teardown_appcontext_funcs.append(f)
        return f

    @setupmethod
    def shell_context_processor(self, f: T_shell_context_processor) -> T_shell_context_processor:
        """Decorate a function that adds names to the shell of `flask shell`.

        Args:
            f: the function, without parameters. It returns a dict.

        Returns `f`.
        """
        self.shell_context_processors.append(f)
        return f

    # Errors -----------------------------------------------------------------------------------------------------------

    def _find_error_handler(self, e: Exception, blueprints: list[str]) -> ErrorHandlerCallable | None:
        """Return the handler for an exception raised in a request of these blueprints, innermost first, or None."""
        exc_class, code = self._get_exc_class_and_code(type(e))
        return find_handler(self.error_handler_spec, blueprints, exc_class, code)

    def trap_http_exception(self, e: Exception) -> bool:
        """Return whether an HTTP error is raised like any other error instead of being answered.

        The setting `TRAP_HTTP_EXCEPTIONS` says so for all, `TRAP_BAD_REQUEST_ERRORS` for 400. When the latter is None,
        missing form keys are raised in debug mode.

        Args:
            e: the exception.
        """
        if self.config["TRAP_HTTP_EXCEPTIONS"]:
            return True
        of_bad_requests = self.config["TRAP_BAD_REQUEST_ERRORS"]
        if of_bad_requests is None and self.debug:
            return isinstance(e, BadRequestKeyError)
        return bool(of_bad_requests) and isinstance(e, BadRequest)

    def should_ignore_error(self, error: BaseException | None) -> bool:
        """Return whether the teardown functions get None in place of an error. Override it; here it is False.

        Args:
            error: the exception that ended the request, or None.
        """
        return False

    # URLs -------------------------------------------------------------------------------------------------------------

    def redirect(self, location: str, code: int = 302) -> BaseResponse:
        """Make a response that sends the client to another URL. `flask.redirect` calls this.

        Args:
            location: the URL.
            code: the status, 302 by default; 301, 303, 305, 307 and 308 are usual too.
        """
        made_by: Any = self.response_class
        made = redirect_response(made_by, location, code)
        return _wz_redirect(location, code=code, Response=made_by) if made is None else made

    def inject_url_defaults(self, endpoint: str, values: dict[str, Any]) -> None:
        """Have the `url_defaults` functions add values for a URL that is built.

        The application's come first, then those of the blueprints in the endpoint's name, from the outermost to the
        innermost.

        Args:
            endpoint: the endpoint.
            values: the dict of values, changed in place.
        """
        scopes: list[AppOrBlueprintKey] = [None]
        # Parsed from the endpoint, as there may be no request.
        blueprint, dot, _ = endpoint.rpartition(".")
        if dot:
            scopes += reversed(_split_blueprint_path(blueprint))
        for scope in scopes:
            for add_defaults in self.url_default_functions.get(scope, ()):
                add_defaults(endpoint, values)

    def handle_url_build_error(self, error: BuildError, endpoint: str, values: dict[str, Any]) -> str:
        """Return a URL in place of one that could not be built, as the first of `url_build_error_handlers` gives it.

        Args:
            error: the `werkzeug.routing.BuildError`.
            endpoint: the endpoint.
            values: the values, with `_anchor`, `_method`, `_scheme` and `_external` among them.

        Raises the error, or the last one that a handler raised in its place, if no handler gives a URL.
        """
        for handler in self.url_build_error_handlers:
            try:
                url = handler(error, endpoint, values)
            except BuildError as newer:
                error = newer
            else:
                if url is not None:
                    return url
        if error is sys.exc_info()[1]:
            raise  # inside the caller's `except`: the traceback stays as it was
        raise error


if not TYPE_CHECKING:
    from .._reexports import borrow

    borrow(__name__)
