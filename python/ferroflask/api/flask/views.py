"""Class-based views: `View` and `MethodView`. They know the current app and request, and nothing of routing."""

from __future__ import annotations

from collections.abc import Callable, Collection
from typing import TYPE_CHECKING, Any, ClassVar, TypeVar, cast

from .globals import current_app, request
from .typing import ResponseReturnValue, RouteCallable

F = TypeVar("F", bound=Callable[..., Any])

# Methods of a MethodView with one of these names answer the HTTP method of that name.
http_method_funcs = frozenset({"get", "head", "post", "put", "patch", "delete", "options", "trace"})


class View:
    """A view as a class, for views that share code.

        class Greet(View):
            def dispatch_request(self, name):
                return f"Hello {name}!"

        app.add_url_rule("/greet/<name>", view_func=Greet.as_view("greet"))

    Decorators put on the class itself do not reach the view function; list them in `decorators`.
    """

    # HTTP methods the rule accepts; None leaves the choice to `add_url_rule` (GET, with HEAD and OPTIONS added).
    methods: ClassVar[Collection[str] | None] = None

    # Whether OPTIONS is answered for the view; None means what `add_url_rule` does by default.
    provide_automatic_options: ClassVar[bool | None] = None

    # Applied to the view function in this order, so the first is the innermost.
    decorators: ClassVar[list[Callable[..., Any]]] = []

    # True: a new instance for each request. False: one for all of them (cheaper; keep no request's state on it).
    init_every_request: ClassVar[bool] = True

    def dispatch_request(self) -> ResponseReturnValue:
        """Answer the request: override it.

        The values of the URL come as keyword arguments. It returns what a view may return.
        """
        raise NotImplementedError()

    @classmethod
    def as_view(cls, name: str, *class_args: Any, **class_kwargs: Any) -> RouteCallable:
        """Make the function to register. It makes an object of the class for each request and calls `dispatch_request`.

        The function carries the class as `view_class`; replacing that attribute replaces what is instantiated.

        Args:
            name: the name of the function, hence the endpoint unless the rule names one.
            class_args: positional arguments for the class.
            class_kwargs: keyword arguments for the class.
        """
        shared = None if cls.init_every_request else cls(*class_args, **class_kwargs)

        def view(**kwargs: Any) -> ResponseReturnValue:
            # `published` is the decorated function by now: that is the one whose `view_class` a test may replace.
            instance = published.view_class(*class_args, **class_kwargs) if shared is None else shared
            return cast(ResponseReturnValue, current_app.ensure_sync(instance.dispatch_request)(**kwargs))

        published: Any = view
        if cls.decorators:
            # A decorator that copies the name must find the public one.
            published.__name__, published.__module__ = name, cls.__module__
            for decorate in cls.decorators:
                published = decorate(published)

        published.__name__, published.__module__, published.__doc__ = name, cls.__module__, cls.__doc__
        published.view_class = cls
        for setting in ("methods", "provide_automatic_options"):
            setattr(published, setting, getattr(cls, setting))
        return cast(RouteCallable, published)


class MethodView(View):
    """A view with a method for each HTTP method: `get`, `post`, `put`, `patch`, `delete` and so on.

        class Notes(MethodView):
            def get(self):
                return list_of_notes()

            def post(self):
                return add_note(request.json), 201

        app.add_url_rule("/notes", view_func=Notes.as_view("notes"))

    HEAD is answered by `get` unless there is a `head`. `methods` follows from the methods that the class and its bases
    define, unless the class sets it.
    """

    def __init_subclass__(cls, **kwargs: Any) -> None:
        super().__init_subclass__(**kwargs)
        if "methods" in vars(cls):
            return
        found = {name.upper() for name in http_method_funcs if hasattr(cls, name)}
        for base in cls.__bases__:
            found.update(getattr(base, "methods", None) or ())
        if found:
            cls.methods = found

    def dispatch_request(self, **kwargs: Any) -> ResponseReturnValue:
        """Call the method that carries the HTTP method's name.

        Args:
            kwargs: the values of the URL.
        """
        handler = getattr(self, request.method.lower(), None)
        if handler is None and request.method == "HEAD":
            handler = getattr(self, "get", None)
        assert handler is not None, f"Unimplemented method {request.method!r}"
        return cast(ResponseReturnValue, current_app.ensure_sync(handler)(**kwargs))


if not TYPE_CHECKING:
    from ._reexports import borrow

    borrow(__name__)
