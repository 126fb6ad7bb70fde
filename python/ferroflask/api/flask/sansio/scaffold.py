"""What an application and a blueprint have in common: folders, rules, hooks, error handlers; plain dicts and lists.

The dicts are read while requests are served and users change them in place, so they are never copied or replaced here.
Names that other modules import from here stay even where their code lives beside this file.
"""

from __future__ import annotations

import functools
from collections import defaultdict
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from ..templating import _default_template_ctx_processor
from ..typing import (
    AfterRequestCallable,
    AppOrBlueprintKey,
    BeforeRequestCallable,
    ErrorHandlerCallable,
    RouteCallable,
    TeardownCallable,
    TemplateContextProcessorCallable,
    URLDefaultCallable,
    URLValuePreprocessorCallable,
)
from ._errors import class_and_code
from ._folders import Folders
from ._package_paths import _find_package_path as _find_package_path, find_package as find_package
from ._rules import _endpoint_from_view_func as _endpoint_from_view_func
from ._setupmethod import add_for_all, decorator_for, setupmethod as setupmethod
from ._types import (
    ErrorHandlerSpec,
    F as F,
    PathArg,
    T_after_request as T_after_request,
    T_before_request as T_before_request,
    T_error_handler as T_error_handler,
    T_route as T_route,
    T_teardown as T_teardown,
    T_template_context_processor as T_template_context_processor,
    T_url_defaults as T_url_defaults,
    T_url_value_preprocessor as T_url_value_preprocessor,
)

if TYPE_CHECKING:
    from click import Group

# Stands for "not given" where None means something.
_sentinel: Any = object()


class Scaffold(Folders):
    """Base of `Flask` and `Blueprint`: folders, rules, hooks and error handlers.

    Args:
        import_name: the name of the module or package the object belongs to, usually `__name__`.
        static_folder: the folder of static files, absolute or relative to `root_path`; None for no such files.
        static_url_path: the URL path in front of them, by default a slash and the folder's name.
        template_folder: the folder of templates, absolute or relative to `root_path`; None for no templates.
        root_path: the folder that others are relative to, by default that of the module `import_name`.
    """

    name: str
    cli: Group

    def __init__(
        self,
        import_name: str,
        static_folder: PathArg | None = None,
        static_url_path: str | None = None,
        template_folder: PathArg | None = None,
        root_path: str | None = None,
    ):
        super().__init__(import_name, root_path, template_folder)
        self.static_url_path, self.static_folder = static_url_path, static_folder

        # {endpoint: view}
        self.view_functions: dict[str, RouteCallable] = {}
        self.error_handler_spec: ErrorHandlerSpec = defaultdict(functools.partial(defaultdict, dict))

        # {blueprint name or None for all: [function, …]}, run in this order:
        self.url_value_preprocessors: dict[AppOrBlueprintKey, list[URLValuePreprocessorCallable]]
        self.url_value_preprocessors = defaultdict(list)
        self.before_request_funcs: dict[AppOrBlueprintKey, list[BeforeRequestCallable]]
        self.before_request_funcs = defaultdict(list)
        self.after_request_funcs: dict[AppOrBlueprintKey, list[AfterRequestCallable[Any]]]
        self.after_request_funcs = defaultdict(list)
        self.teardown_request_funcs: dict[AppOrBlueprintKey, list[TeardownCallable]]
        self.teardown_request_funcs = defaultdict(list)
        # … and these when a template is rendered, when a URL is built.
        self.template_context_processors: dict[AppOrBlueprintKey, list[TemplateContextProcessorCallable]]
        self.template_context_processors = defaultdict(list, {None: [_default_template_ctx_processor]})
        self.url_default_functions: dict[AppOrBlueprintKey, list[URLDefaultCallable]]
        self.url_default_functions = defaultdict(list)

    def _check_setup_finished(self, f_name: str) -> None:
        """Raise AssertionError when it is too late to declare anything; `f_name` is the method that was called."""
        raise NotImplementedError

    def __repr__(self) -> str:
        return f"<{type(self).__name__} {self.name!r}>"

    # Rules ------------------------------------------------------------------------------------------------------------

    @setupmethod
    def route(self, rule: str, **options: Any) -> Callable[[T_route], T_route]:
        """Decorate a view with the URL rule that leads to it.

            @app.route("/greet/<name>")
            def greet(name):
                return f"Hello {name}!"

            @app.route("/login", methods=["GET", "POST"])
            def login(): ...

        A part in angle brackets is passed to the view by its name. A converter before it limits what it matches:
        `<int:page>`, `<float:price>`, `<path:file>` (with slashes), `<uuid:id>`, `<any(a, b):which>`; `<name>` alone is
        text without a slash.

        Args:
            rule: the URL rule, beginning with a slash.
            options: those of `add_url_rule`: `methods`, `endpoint` (by default the name of the view), `defaults`,
                `strict_slashes` and others.

        Returns the decorator, which returns the view unchanged.
        """

        def decorator(f: T_route) -> T_route:
            # Taken out, not read: a decorator used twice gives the second view a name of its own.
            self.add_url_rule(rule, options.pop("endpoint", None), f, **options)
            return f

        return decorator

    def _method_route(self, method: str, rule: str, options: dict[str, Any]) -> Callable[[T_route], T_route]:
        if "methods" not in options:
            return self.route(rule, methods=[method], **options)
        raise TypeError("Use the 'route' decorator to use the 'methods' argument.")

    @setupmethod
    def get(self, rule: str, **options: Any) -> Callable[[T_route], T_route]:
        """Decorate a view that answers GET (and HEAD): `route` with `methods=["GET"]`.

        Args:
            rule: the URL rule, as for `route`.
            options: those of `route`. Raises TypeError for `methods` among them.
        """
        return self._method_route("GET", rule, options)

    @setupmethod
    def post(self, rule: str, **options: Any) -> Callable[[T_route], T_route]:
        """Decorate a view that answers POST: `route` with `methods=["POST"]`.

        Args:
            rule: the URL rule, as for `route`.
            options: those of `route`. Raises TypeError for `methods` among them.
        """
        return self._method_route("POST", rule, options)

    @setupmethod
    def put(self, rule: str, **options: Any) -> Callable[[T_route], T_route]:
        """Decorate a view that answers PUT: `route` with `methods=["PUT"]`.

        Args:
            rule: the URL rule, as for `route`.
            options: those of `route`. Raises TypeError for `methods` among them.
        """
        return self._method_route("PUT", rule, options)

    @setupmethod
    def delete(self, rule: str, **options: Any) -> Callable[[T_route], T_route]:
        """Decorate a view that answers DELETE: `route` with `methods=["DELETE"]`.

        Args:
            rule: the URL rule, as for `route`.
            options: those of `route`. Raises TypeError for `methods` among them.
        """
        return self._method_route("DELETE", rule, options)

    @setupmethod
    def patch(self, rule: str, **options: Any) -> Callable[[T_route], T_route]:
        """Decorate a view that answers PATCH: `route` with `methods=["PATCH"]`.

        Args:
            rule: the URL rule, as for `route`.
            options: those of `route`. Raises TypeError for `methods` among them.
        """
        return self._method_route("PATCH", rule, options)

    @setupmethod
    def add_url_rule(
        self,
        rule: str,
        endpoint: str | None = None,
        view_func: RouteCallable | None = None,
        provide_automatic_options: bool | None = None,
        **options: Any,
    ) -> None:
        """Have requests for a rule answered by a view: `route` without the decorator.

            app.add_url_rule("/greet/<name>", view_func=greet)

        Args:
            rule: the URL rule, as for `route`.
            endpoint: the name for `url_for`, by default the name of `view_func`.
            view_func: the function to call with the values of the URL. A rule may come without one; the decorator
                `endpoint` gives it one later.
            provide_automatic_options: whether OPTIONS is answered for the view. By default it is, unless OPTIONS is in
                `methods` or the setting `PROVIDE_AUTOMATIC_OPTIONS` is off.
            options: `methods`, a list of HTTP methods (GET by default; HEAD comes with it), and what else
                `url_rule_class` takes: `defaults`, `strict_slashes`, `merge_slashes`, `subdomain`, `host`,
                `redirect_to`, `websocket`.

        Raises AssertionError when another view has the endpoint, TypeError when `methods` is a text.
        """
        raise NotImplementedError

    @setupmethod
    def endpoint(self, endpoint: str) -> Callable[[F], F]:
        """Decorate the view of an endpoint whose rule was added without one.

        Args:
            endpoint: the endpoint's name. In a blueprint it does not get the blueprint's name in front.
        """

        return decorator_for(lambda view: self.view_functions.update({endpoint: view}))

    # Hooks: of an application, for every request; of a blueprint, for the requests that it handles --------------------

    @setupmethod
    def before_request(self, f: T_before_request) -> T_before_request:
        """Decorate a function to be called before the view of each request.

            @app.before_request
            def require_login():
                if "user" not in session:
                    return redirect(url_for("login"))

        Args:
            f: the function, without parameters. Anything it returns but None is the answer: the view and the functions
                after this one are not called.

        Returns `f`. On a blueprint it counts for the views of the blueprint.
        """
        return add_for_all(self.before_request_funcs, f)

    @setupmethod
    def after_request(self, f: T_after_request) -> T_after_request:
        """Decorate a function to be called with the response of each request.

            @app.after_request
            def add_header(response):
                response.headers["X-Frame-Options"] = "DENY"
                return response

        Args:
            f: the function. It gets the response and returns it, or another one. It is not called where a function
                before it raised; what must happen in any case belongs into `teardown_request`.

        Returns `f`. On a blueprint it counts for the views of the blueprint.
        """
        return add_for_all(self.after_request_funcs, f)

    @setupmethod
    def teardown_request(self, f: T_teardown) -> T_teardown:
        """Decorate a function to be called when the context of a request ends, whether or not it failed.

        Args:
            f: the function. It gets an exception that nobody handled, or None. What it returns is ignored, and it must
                not raise.

        Returns `f`. On a blueprint it counts for the views of the blueprint.
        """
        return add_for_all(self.teardown_request_funcs, f)

    @setupmethod
    def context_processor(self, f: T_template_context_processor) -> T_template_context_processor:
        """Decorate a function that adds variables to every template.

            @app.context_processor
            def add_year():
                return {"year": date.today().year}

        Args:
            f: the function, without parameters. It returns a dict of variables; those that the view passes go before
                them.

        Returns `f`. On a blueprint it counts for the templates that its views render.
        """
        return add_for_all(self.template_context_processors, f)

    @setupmethod
    def url_value_preprocessor(self, f: T_url_value_preprocessor) -> T_url_value_preprocessor:
        """Decorate a function that sees the values of the URL before anything else of a request runs.

            @app.url_value_preprocessor
            def take_language(endpoint, values):
                g.language = values.pop("language", "en") if values else "en"

        Args:
            f: the function. It gets the endpoint and the dict of values, which it may change in place; both are None
                where no rule matched.

        Returns `f`. On a blueprint it counts for the URLs of the blueprint.
        """
        return add_for_all(self.url_value_preprocessors, f)

    @setupmethod
    def url_defaults(self, f: T_url_defaults) -> T_url_defaults:
        """Decorate a function that adds values when a URL is built.

            @app.url_defaults
            def add_language(endpoint, values):
                values.setdefault("language", g.language)

        Args:
            f: the function. It gets the endpoint and the dict of values, which it changes in place.

        Returns `f`. On a blueprint it counts for the endpoints of the blueprint.
        """
        return add_for_all(self.url_default_functions, f)

    # Error handlers ---------------------------------------------------------------------------------------------------

    @setupmethod
    def errorhandler(self, code_or_exception: type[Exception] | int) -> Callable[[T_error_handler], T_error_handler]:
        """Decorate a function that answers an error.

            @app.errorhandler(404)
            def not_found(error):
                return render_template("not_found.html"), 404

        Args:
            code_or_exception: an HTTP status code or an exception class. A handler of a class gets the exceptions of
                its subclasses too, unless they have one of their own.

        Returns the decorator, which returns the function unchanged. The function gets the exception and returns what a
        view may return. A handler of a blueprint goes before one of the application, for errors of the blueprint's
        views.
        """
        return decorator_for(lambda f: self.register_error_handler(code_or_exception, f))

    @setupmethod
    def register_error_handler(self, code_or_exception: type[Exception] | int, f: ErrorHandlerCallable) -> None:
        """Have a function answer an error: `errorhandler` without the decorator.

        Args:
            code_or_exception: an HTTP status code or an exception class.
            f: the function. It gets the exception and returns what a view may return.

        Raises ValueError for a code without an exception and for another class, TypeError for an exception object.
        """
        handled, code = self._get_exc_class_and_code(code_or_exception)
        self.error_handler_spec[None][code][handled] = f

    @staticmethod
    def _get_exc_class_and_code(exc_class_or_code: type[Exception] | int) -> tuple[type[Exception], int | None]:
        return class_and_code(exc_class_or_code)


if not TYPE_CHECKING:
    from .._reexports import borrow

    borrow(__name__)
