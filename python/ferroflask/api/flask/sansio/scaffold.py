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
    """Base of `Flask` and `Blueprint`. Folders are absolute, or relative to `root_path`.

    `root_path` follows from `import_name`, the name of the module or package, unless it is given.
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
        """Decorate a view with its URL rule. `options` are those of `add_url_rule`."""

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
        """`route` for GET alone."""
        return self._method_route("GET", rule, options)

    @setupmethod
    def post(self, rule: str, **options: Any) -> Callable[[T_route], T_route]:
        """`route` for POST alone."""
        return self._method_route("POST", rule, options)

    @setupmethod
    def put(self, rule: str, **options: Any) -> Callable[[T_route], T_route]:
        """`route` for PUT alone."""
        return self._method_route("PUT", rule, options)

    @setupmethod
    def delete(self, rule: str, **options: Any) -> Callable[[T_route], T_route]:
        """`route` for DELETE alone."""
        return self._method_route("DELETE", rule, options)

    @setupmethod
    def patch(self, rule: str, **options: Any) -> Callable[[T_route], T_route]:
        """`route` for PATCH alone."""
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
        """Have requests for `rule` answered by `view_func`, and URLs built for `endpoint` (its name by default).

        `methods` is a list of HTTP methods (GET by default, HEAD comes with it). `provide_automatic_options` says
        whether OPTIONS is answered for the view. Other options go to `url_rule_class`. A rule may come without a
        view; `endpoint()` gives it one.
        """
        raise NotImplementedError

    @setupmethod
    def endpoint(self, endpoint: str) -> Callable[[F], F]:
        """Decorate the view of an endpoint whose rule was added without one."""

        return decorator_for(lambda view: self.view_functions.update({endpoint: view}))

    # Hooks: of an application, for every request; of a blueprint, for the requests that it handles --------------------

    @setupmethod
    def before_request(self, f: T_before_request) -> T_before_request:
        """Call `f()` before the view. Anything it returns but None is the answer, and the view is not called."""
        return add_for_all(self.before_request_funcs, f)

    @setupmethod
    def after_request(self, f: T_after_request) -> T_after_request:
        """Call `f(response)` with what is about to be sent; the response it returns is sent instead.

        Not called when one before it raised; what must happen belongs into `teardown_request`.
        """
        return add_for_all(self.after_request_funcs, f)

    @setupmethod
    def teardown_request(self, f: T_teardown) -> T_teardown:
        """Call `f(error)` when the request context ends, `error` being an exception nobody handled, or None.

        It must not raise; what it returns is ignored.
        """
        return add_for_all(self.teardown_request_funcs, f)

    @setupmethod
    def context_processor(self, f: T_template_context_processor) -> T_template_context_processor:
        """Call `f()` before a template is rendered; the dict it returns adds variables to the template."""
        return add_for_all(self.template_context_processors, f)

    @setupmethod
    def url_value_preprocessor(self, f: T_url_value_preprocessor) -> T_url_value_preprocessor:
        """Call `f(endpoint, values)` first of all; it may change the values of the URL in place."""
        return add_for_all(self.url_value_preprocessors, f)

    @setupmethod
    def url_defaults(self, f: T_url_defaults) -> T_url_defaults:
        """Call `f(endpoint, values)` when a URL is built; it may add values in place."""
        return add_for_all(self.url_default_functions, f)

    # Error handlers ---------------------------------------------------------------------------------------------------

    @setupmethod
    def errorhandler(self, code_or_exception: type[Exception] | int) -> Callable[[T_error_handler], T_error_handler]:
        """Decorate the function that answers an HTTP status code or an exception class: `f(error)`, like a view."""
        return decorator_for(lambda f: self.register_error_handler(code_or_exception, f))

    @setupmethod
    def register_error_handler(self, code_or_exception: type[Exception] | int, f: ErrorHandlerCallable) -> None:
        """`errorhandler` without the decorator."""
        handled, code = self._get_exc_class_and_code(code_or_exception)
        self.error_handler_spec[None][code][handled] = f

    @staticmethod
    def _get_exc_class_and_code(exc_class_or_code: type[Exception] | int) -> tuple[type[Exception], int | None]:
        return class_and_code(exc_class_or_code)


if not TYPE_CHECKING:
    from .._reexports import borrow

    borrow(__name__)
