"""The engine's Rust module, as Python sees it: the documented contract that `mypy.stubtest` holds against the module.

Nothing here is for users. The `flask` package and the servers build on these names; a user meets them as the base
classes of `flask.Flask` and `flask.Request`, as the contexts, and as the objects behind the proxies. Unless said
otherwise, times are in seconds and sizes in bytes. An exception raised by a view, a hook, a converter or a setting
leaves unchanged, as the same object.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from contextvars import ContextVar, Token
from datetime import date, datetime, timedelta
from http import HTTPStatus
from types import NotImplementedType, TracebackType
from typing import IO, Any, Literal, Protocol, TypedDict, TypeVar, final, overload, type_check_only

from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment
from flask.app import Flask
from flask.ctx import _AppCtxGlobals
from flask.json.provider import JSONProvider
from flask.sessions import SessionMixin
from flask.testing import FlaskClient
from flask.typing import AfterRequestCallable, ResponseReturnValue
from flask.wrappers import Request, Response
from jinja2 import Environment, Template
from jinja2.runtime import Context
from markupsafe import Markup
from typing_extensions import Self, disjoint_base
from werkzeug.datastructures import ImmutableMultiDict
from werkzeug.exceptions import HTTPException
from werkzeug.routing import MapAdapter, Rule, RuleFactory
from werkzeug.test import TestResponse
from werkzeug.wrappers import Request as WerkzeugRequest, Response as WerkzeugResponse

from .dev_server.server import ServerLog
from .dev_server.settings import ServerSettings
from .url_map.map import UrlMapAdapter

__all__ = [
    "AppContext",
    "AppCore",
    "ContextCore",
    "MapCore",
    "NamespaceBase",
    "RenderFunction",
    "RequestBase",
    "RequestContext",
    "RequestOnTouch",
    "Server",
    "SessionKeys",
    "TemplateProgram",
    "__version__",
    "_default_template_ctx_processor",
    "_render",
    "add_request_attributes",
    "arm_guards",
    "context_vars",
    "dump_cookie",
    "escape",
    "file_response",
    "fill_response",
    "find_template",
    "http_date",
    "json_dumps",
    "json_loads",
    "json_response",
    "jsonify",
    "loaded_template",
    "make_proxies",
    "parse_cookie",
    "parse_date",
    "parse_form",
    "parse_multipart",
    "parse_options_header",
    "parse_query",
    "plain_environ",
    "redirect_response",
    "render_pieces",
    "render_program",
    "send_plain_request",
    "set_cookie",
    "template_context",
    "version_of",
]

# Of ferroflask, without reading the metadata of its distribution.
__version__: str

_Storage = TypeVar("_Storage")

# Makes a multi dict of pairs; the classes of Werkzeug are not called but filled in place.
_Pairs = Callable[..., _Storage]

@type_check_only
class _HasRead(Protocol):
    def read(self, size: int, /) -> bytes: ...

@type_check_only
class _Proxies(TypedDict):
    """Each proxy is a `werkzeug.local.LocalProxy`; here it has the type of what it stands for."""

    app_ctx: AppContext
    current_app: Flask
    g: _AppCtxGlobals
    request: Request
    request_ctx: RequestContext
    session: SessionMixin

# The application ------------------------------------------------------------------------------------------------------

@disjoint_base
class AppCore:
    """Base of `flask.Flask`: the steps of a request.

    Overriding one, on a class or an instance, makes the engine call that. What belongs to a request needs a current
    request context and raises `RuntimeError` without one. The constructor takes any arguments and leaves them to the
    other bases.
    """

    def __new__(cls, *_args: Any, **_kwargs: Any) -> Self: ...
    def __getstate__(self) -> dict[str, Any]:
        """Return what a copy of the application gets; the engine's own part of the copy begins anew."""

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        """The WSGI entry of servers: calls `wsgi_app`, so that middleware which was put there takes part."""

    def wsgi_app(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        """Serve one request: the application without the middleware around it.

        Servers call the application itself, which calls this. Middleware is put in its place, so that the object stays
        a `Flask`:

            app.wsgi_app = ProxyFix(app.wsgi_app)

        Args:
            environ: the WSGI environment of the request, a dict.
            start_response: the server's function, called with status, headers and, where an error is reported, its
                details.

        Returns the body as an iterable of bytes, whose `close` the caller must call. Raises what `handle_exception`
        raises: an exception that nobody handled, while testing or debugging.
        """

    def update_template_context(self, context: dict[str, Any]) -> None:
        """Add the variables that every template has, as the context processors return them, to a template's own.

        Args:
            context: the template's variables, changed in place. A variable that is there already stays as it is.
        """

    def app_context(self) -> AppContext:
        """Return a new application context. A `with` block makes it the current one, for `current_app` and `g`.

        Requests and commands of `flask` have one without this; scripts and tests need it:

            with app.app_context():
                database.create_all()
        """

    def request_context(self, environ: WSGIEnvironment) -> RequestContext:
        """Return a context for one request. A `with` block makes it the current one, for `request` and `session`.

        Use `test_request_context` to describe a request instead of writing its environ.

        Args:
            environ: the WSGI environment of the request, a dict.
        """

    def full_dispatch_request(self) -> Response:
        """Answer the current request from the first hook to the last: signals, hooks, view, error handlers, session.

        Returns the response. Raises what `handle_user_exception` raises: an exception without a handler.
        """

    def preprocess_request(self) -> ResponseReturnValue | None:
        """Run what comes before the view: the URL value preprocessors, then the `before_request` functions.

        Those of the application come first, then those of the blueprints, from the outermost to the innermost. Returns
        the first value other than None that a `before_request` function returned, which is the answer in place of the
        view's; None when the view is to be called.
        """

    def dispatch_request(self) -> ResponseReturnValue:
        """Call the view that the URL of the current request matched.

        Returns the value of the view as it is; `make_response` makes a response of it. Raises whatever the view raises,
        and the routing exception (404, 405, a redirect) of a request that matched no view.
        """

    def make_response(self, rv: ResponseReturnValue) -> Response:
        """Make a response of the value that a view returned.

        Args:
            rv: the value. A `str` or `bytes` is the body; a `dict` or `list` becomes JSON; a generator or another
                iterator of `str` or `bytes` is sent piece by piece; a response or another WSGI application is taken
                over. A tuple is `(body, status)`, `(body, headers)` or `(body, status, headers)`, the headers being a
                dict or a list of pairs.

        Returns an instance of `response_class`. Raises `TypeError`, which names the endpoint, for None and for a value
        of another type.
        """

    def finalize_request(self, rv: ResponseReturnValue | HTTPException, from_error_handler: bool = False) -> Response:
        """Make a response of a value, run `process_response` on it and send the signal `request_finished`.

        Args:
            rv: what the view or an error handler returned, or an HTTP exception.
            from_error_handler: whether the value answers an error already. If so, an exception on the way is logged
                instead of raised.

        Returns the response that is to be sent.
        """

    def process_response(self, response: Response) -> Response:
        """Run the `after_this_request` and `after_request` functions, then save the session.

        The functions of the innermost blueprint come first and the application's last, each group in reverse order of
        registration.

        Args:
            response: the response so far.

        Returns the response, or the one that a function returned in its place.
        """

    def do_teardown_request(self, exc: BaseException | None = ...) -> None:
        """Run the `teardown_request` functions at the end of a request, then send the signal `request_tearing_down`.

        The request context calls this when it is popped. The functions of the innermost blueprint come first and the
        application's last, each group in reverse order of registration.

        Args:
            exc: the exception that the functions get, or None. Left out, it is the exception being handled.
        """

    def do_teardown_appcontext(self, exc: BaseException | None = ...) -> None:
        """Run the `teardown_appcontext` functions, the last one first, then send the signal `appcontext_tearing_down`.

        The application context calls this when it is popped. It needs no request.

        Args:
            exc: the exception that the functions get, or None. Left out, it is the exception being handled.
        """

    def url_for(
        self,
        endpoint: str,
        *,
        _anchor: str | None = None,
        _method: str | None = None,
        _scheme: str | None = None,
        _external: bool | None = None,
        **values: Any,
    ) -> str:
        """Build the URL of an endpoint. `flask.url_for` calls this.

            app.url_for("greet", name="Ann", page=2)      # /greet/Ann?page=2

        Args:
            endpoint: the name of the endpoint. With a dot in front it is one of the blueprint that serves the request.
            _anchor: the fragment, what stands after `#`.
            _method: the HTTP method, where an endpoint has rules for several.
            _scheme: the scheme of an external URL, by default the request's.
            _external: whether scheme and host are in the URL. By default outside of requests and with `_scheme`.
            values: the values for the variables of the rule; those the rule does not name become the query.

        Raises:
            BuildError: no rule of the endpoint fits, and `handle_url_build_error` has no answer.
            RuntimeError: outside of a request without `SERVER_NAME`.
            ValueError: `_scheme` is given for a URL that is not external.
        """

    def ensure_sync(self, func: Callable[..., Any]) -> Callable[..., Any]:
        """Return a function that can be called without `await`. Every view, hook and handler passes through this.

        Args:
            func: a function, which is returned as it is, or an `async def`, which `async_to_sync` wraps.
        """

def arm_guards(module: str) -> None:
    """Arm the guards over what a module of ours has defined: the last step of its import.

    `module` is its `__name__`. What is changed afterwards on the classes that are guarded makes Python do their work.
    Raises `ValueError` for a module that has no guards.
    """

# Test client ----------------------------------------------------------------------------------------------------------

def send_plain_request(
    client: FlaskClient, args: tuple[Any, ...], kwargs: dict[str, Any], buffered: bool
) -> TestResponse | None:
    """Send the request that these arguments of `client.open` describe, without a WSGI round trip.

    None, and nothing has happened, when the request is not plain or the program replaced something that Werkzeug's
    client would call. Raises what the application raises.
    """

def plain_environ(app: Flask, args: tuple[Any, ...], kwargs: dict[str, Any]) -> WSGIEnvironment | None:
    """Return what `EnvironBuilder(app, *args, **kwargs).get_environ()` would; None if the request is not plain."""

@final
class RequestOnTouch:
    """The attribute `request` of a class of test responses: made on first access."""

    def __new__(cls) -> Self: ...
    def __get__(self, instance: Any, owner: Any = None, /) -> Any: ...

# Contexts -------------------------------------------------------------------------------------------------------------

@disjoint_base
class AppContext:
    """An application context: what `current_app` and `g` stand for. `Flask.app_context` makes one.

    A `with` block pushes and pops it. It may be pushed several times and is torn down by the last pop. `g` is an object
    for whatever a program keeps there meanwhile. `url_adapter` builds URLs outside of requests; it is made when first
    used, and None where `SERVER_NAME` is not configured.

    Args:
        app: the application.
    """

    g: _AppCtxGlobals
    url_adapter: MapAdapter | None

    def __new__(cls, app: Flask) -> Self: ...
    @property
    def app(self) -> Flask:
        """The application, for life."""

    def push(self) -> None:
        """Make this the current application context and send `appcontext_pushed`. Each push needs a `pop`."""

    def pop(self, exc: BaseException | None = ...) -> None:
        """Undo one push. The last one runs the `teardown_appcontext` functions and sends `appcontext_popped`.

        Args:
            exc: the exception that the functions get, or None. Left out, it is the exception being handled.

        Raises `AssertionError` when another context is the current one.
        """

    def __enter__(self) -> Self: ...
    def __exit__(
        self, _kind: type[BaseException] | None, error: BaseException | None, _traceback: TracebackType | None
    ) -> None: ...

@disjoint_base
class RequestContext:
    """A request's context: what `request` and `session` stand for. `Flask.test_request_context` makes one for tests.

    A `with` block pushes and pops it. Where no application context of the same application is current, one is pushed
    along. `request` and `url_adapter` are made and the session is opened when first used. `flashes` holds the messages
    that `get_flashed_messages` took out of the session.

    Args:
        app: the application.
        environ: the WSGI environment of the request, a dict.
        request: the request object, in place of one of the class `app.request_class`.
        session: the session, in place of the one that the session interface opens.
    """

    request: Request
    url_adapter: MapAdapter | None
    flashes: list[tuple[str, str]] | None
    _session: SessionMixin | None
    _after_request_functions: list[AfterRequestCallable[Any]]

    def __new__(
        cls,
        app: Flask,
        environ: WSGIEnvironment,
        request: Request | None = None,
        session: SessionMixin | None = None,
    ) -> Self: ...
    @property
    def app(self) -> Flask:
        """The application, for life."""

    @property
    def session(self) -> SessionMixin:
        """The session. Looking at it counts as access, of which the response informs caches by `Vary: Cookie`."""

    @property
    def _cv_tokens(self) -> list[tuple[Token[RequestContext], AppContext | None]]:
        """One entry for each push in force: its token, and the application context pushed along."""

    def push(self) -> None:
        """Make this the current request context, and match the URL. Each push needs a `pop`.

        What matching raises waits in `request.routing_exception` until the request is dispatched.
        """

    def pop(self, exc: BaseException | None = ...) -> None:
        """Undo one push. The last one runs the `teardown_request` functions and closes the files of the request.

        The application context that was pushed along is popped too.

        Args:
            exc: the exception that the functions get, or None. Left out, it is the exception being handled.

        Raises `AssertionError` when another context is the current one.
        """

    def match_request(self) -> None:
        """Match the URL: set the request's `url_rule` and `view_args`, or else its `routing_exception`.

        `push` calls this. Override it to choose the view in another way.
        """

    def copy(self) -> Self:
        """Return a new context with the same request and session, to be pushed in another thread or greenlet.

        Both contexts share the request object, so at most one of them should read the body. See
        `flask.copy_current_request_context`.
        """

    def __enter__(self) -> Self: ...
    def __exit__(
        self, _kind: type[BaseException] | None, error: BaseException | None, _traceback: TracebackType | None
    ) -> None: ...

def _default_template_ctx_processor() -> dict[str, Any]:
    """Return `g` and `request` themselves, in place of the proxies, as far as there are contexts."""

def escape(value: object, /) -> Markup:
    """Return the text of a value with the characters that mean something in HTML replaced, as `markupsafe.escape`."""

class ContextCore:
    """Base of the context that our Jinja environments render with, before Jinja2's own: what compiled templates call.

    It takes any arguments and leaves them to the other base.
    """

    def __new__(cls, *_args: Any, **_kwargs: Any) -> Self: ...
    def resolve_or_missing(self, key: str, /) -> Any:
        """Return the value of a name, or Jinja2's mark for a missing one."""

    def call(self, obj: Callable[..., Any], /, *args: Any, **kwargs: Any) -> Any:
        """Call `obj`, with what Jinja2 has to pass it first."""

def loaded_template(environment: Environment, name: str | Template, /) -> Template | None:
    """Return the template of that name if it is in the environment's cache; None when Jinja2 has to look for it."""

def find_template(app: Flask, name: str | Template | list[str | Template], /) -> Template:
    """Return what `app.jinja_env.get_or_select_template` returns, which raises what that raises."""

@final
class TemplateProgram:
    """The program of a template, with Python's objects for its names and constants.

    Calling it with a module's namespace puts the template's functions there, as running the generated code would.
    """

    def __new__(cls, source: str, file_name: str) -> Self:
        """Read a program from generated source.

        Raises:
            ValueError: the source isn't understood; the text says what of it.
        """

    def __call__(self, namespace: dict[str, Any]) -> None: ...

@final
class RenderFunction:
    """The function of a template or of a block, as in `Template.root_render_func` and `Template.blocks`.

    Called from Python, it is Jinja2's own generator; where we render, its program runs.
    """

    @property
    def __name__(self) -> str: ...
    def __call__(self, context: Context) -> Iterator[str]: ...

def template_context(
    template: Template, vars: dict[str, Any] | None, shared: bool, locals: Mapping[str, Any] | None, /
) -> Context | None:
    """Return `template.new_context(vars, shared, locals)`, or None when Python has to make it."""

def render_program(template: Template, context: Context, /) -> str | None:
    """Return the text of a template whose program may run for this context; None for any other."""

def render_pieces(template: Template, context: Context, /) -> list[str] | None:
    """Return the same as a list of the pieces that Jinja2's code would yield, for modules, which keep them."""

def _render(app: Flask, template: Template, context: dict[str, Any]) -> str:
    """Return the rendered text, with the context processors' names added to `context`, between the two signals.

    Raises what the template's code raises, its traceback pointed at the template by Jinja2.
    """

def context_vars() -> tuple[ContextVar[AppContext], ContextVar[RequestContext]]:
    """Return the two context variables, always the same ones."""

def make_proxies() -> _Proxies:
    """Return new proxies for what is current. Outside of a context they raise RuntimeError and are false."""

class NamespaceBase:
    """Base of the class behind `g`: attributes are set in the instance's `__dict__`, whatever its class says."""

    def __new__(cls, *_args: Any, **_kwargs: Any) -> Self: ...
    def __setattr__(self, name: str, value: Any, /) -> None: ...
    def __delattr__(self, name: str, /) -> None: ...
    def __contains__(self, item: str, /) -> bool: ...
    def __iter__(self) -> Iterator[str]: ...
    def get(self, name: str, default: Any | None = None) -> Any:
        """Return an attribute, or another value where it was never set, like `dict.get`.

        Args:
            name: the attribute's name.
            default: what to return for a missing one, None unless given.
        """

    def pop(self, name: str, default: Any = ...) -> Any:
        """Remove an attribute and return it, like `dict.pop`.

        Args:
            name: the attribute's name.
            default: what to return for a missing one. Without it a missing one raises `KeyError`.
        """

    def setdefault(self, name: str, default: Any = None) -> Any:
        """Return an attribute, setting it first where it was never set, like `dict.setdefault`.

        Args:
            name: the attribute's name.
            default: the value to set, None unless given.
        """

# Request and response -------------------------------------------------------------------------------------------------

@disjoint_base
class RequestBase:
    """Base of `flask.Request`: everything that Werkzeug's `__init__` would set, made when it is first used.

    It can be set and deleted, and is in `__dict__` too, after a first look there. See `add_request_attributes`.
    """

    def __new__(cls, *_args: Any, **_kwargs: Any) -> Self: ...
    def __init__(self, environ: WSGIEnvironment, populate_request: bool = True, shallow: bool = False) -> None:
        """Stand for the request of an environ, and put itself there as ``werkzeug.request`` (not when `shallow`).

        Raises TypeError when `environ` is no dict.
        """

    @overload
    def get_data(self, cache: bool = True, as_text: Literal[False] = False, parse_form_data: bool = False) -> bytes: ...
    @overload
    def get_data(self, cache: bool = True, as_text: Literal[True] = ..., parse_form_data: bool = False) -> str:
        """Return the body of the request, as it came.

        Read it before `form` and `files`, or what they have read is missing here.

        Args:
            cache: whether the body is stored, so that it can be read again.
            as_text: whether to return a `str` instead of `bytes`. The text is UTF-8; bytes that are not become U+FFFD.
            parse_form_data: whether to parse a form first. Its body is then empty here, and its data in `form` and
                `files`.

        Raises `RequestEntityTooLarge` (413) for a body past `max_content_length`.
        """

    @overload
    def get_json(self, force: bool = ..., silent: Literal[False] = ..., cache: bool = ...) -> Any: ...
    @overload
    def get_json(self, force: bool = ..., silent: bool = ..., cache: bool = ...) -> Any | None:
        """Return the value of a JSON body: dicts, lists, texts, numbers, booleans and None.

            user = request.get_json()
            name = user["name"]

        Args:
            force: whether to read the body as JSON whatever `Content-Type` says.
            silent: whether to return None instead of raising an error.
            cache: whether the value is stored and returned by the next call too.

        Raises `UnsupportedMediaType` (415) when the `Content-Type` is not JSON's, and `BadRequest` (400) for a body
        that is not JSON, both through `on_json_loading_failed`, whose value is returned if it is overridden and returns
        one.
        """

    def _load_form_data(self) -> None:
        """Parse the body into `form` and `files`, once. Raises `RequestEntityTooLarge` (413) past a limit."""

    def close(self) -> None:
        """Close the uploaded files, if the form was read. The context does it at the end of the request."""

    def __getstate__(self) -> dict[str, Any]:
        """Return what a copy of the request is made from."""

def add_request_attributes(werkzeug: type) -> None:
    """Give `RequestBase` what Werkzeug's `__init__` and Flask set on a request, and Werkzeug's cached properties.

    They are read natively and typed by Werkzeug's class, which is the one to give here.
    """

def set_cookie(
    response: WerkzeugResponse,
    key: str,
    value: str,
    max_age: timedelta | int | None,
    expires: str | datetime | float | None,
    path: str | None,
    domain: str | None,
    secure: bool | None,
    httponly: bool | None,
    samesite: str | None,
    partitioned: bool | None,
) -> bool:
    """Add a ``Set-Cookie`` header to a response; longer than the response's `max_cookie_size` it warns.

    Raises ValueError for a `samesite` that is not Strict, Lax or None.
    """

def redirect_response(response_class: type[WerkzeugResponse], location: str, code: int) -> WerkzeugResponse | None:
    """Return the response that sends a client to `location`; None: Werkzeug's `redirect` has to make it."""

def fill_response(
    this: WerkzeugResponse,
    response: Any,
    status: int | str | HTTPStatus | None,
    headers: Any,
    mimetype: str | None,
    content_type: str | None,
    direct_passthrough: bool,
) -> bool:
    """Set the attributes of a plain response as Werkzeug's `__init__` would; False: nothing was set, call that."""

def file_response(path: Any, options: dict[str, Any], directory: Any = None) -> WerkzeugResponse | None:
    """Return what `send_file(path, **options)` does, or with a directory `send_from_directory`; None: call Werkzeug's.

    Nothing is raised that Werkzeug would not raise: it has to be called for its errors as well.
    """

# URL map --------------------------------------------------------------------------------------------------------------

@disjoint_base
class MapCore:
    """Base of `ferroflask.url_map.map.UrlMap`: matching and building in Rust over the rules of a Werkzeug `Map`."""

    # Werkzeug's flag: rules were added since the last sort. Setting it makes the next match compile the rules again.
    _remap: bool

    def __new__(cls, *_args: Any, **_kwargs: Any) -> Self: ...
    def add(self, rulefactory: RuleFactory) -> None:
        """Add a rule and bind it, as Werkzeug's `Map.add` does; what a rule's URLs are built with is compiled later."""

    def _add_untried(self, rule: Rule) -> bool:
        """Add a plain rule natively, whether or not this Werkzeug would do the same. False: it is not plain."""

    def _doubt(self) -> None:
        """Say that rule objects were handed out: the next match looks whether one was changed in place."""

    def _find(
        self, domain: str, path: str, method: str, websocket: bool
    ) -> tuple[Rule, dict[str, Any]] | tuple[None, tuple[str, str | None]] | None:
        """Match a decoded path for an upper-case method, in a subdomain or, under host matching, a host.

        Returns a rule and its values; for a redirect None with the new path and domain part (None: the same one); None
        when only Werkzeug's adapter can answer. Raises `NotFound`, `MethodNotAllowed` or `WebsocketMismatch`, as the
        adapter does.
        """

    def bind_to_environ(
        self, environ: WSGIEnvironment | WerkzeugRequest, server_name: str | None = None, subdomain: str | None = None
    ) -> UrlMapAdapter:
        """Return an adapter for a request, as Werkzeug's method does; its warnings are attributed to the caller."""

    def _build_url(
        self,
        adapter: MapAdapter,
        endpoint: Any,
        values: dict[str, Any],
        method: str | None,
        *,
        external: bool,
        append_unknown: bool,
        url_scheme: str | None,
    ) -> str | None:
        """Return what `adapter.build` would, or None when Werkzeug has to build the URL or to say why it can't."""

# JSON -----------------------------------------------------------------------------------------------------------------

def json_dumps(
    obj: Any,
    ensure_ascii: bool,
    sort_keys: bool,
    compact: bool,
    indent: int | None = None,
    default: Callable[[Any], Any] | None = None,
) -> str | NotImplementedType:
    """Return exactly what `json.dumps` returns, or NotImplemented when only that knows the text or the error.

    `compact` leaves out the blanks between items, `indent` is blanks for each level, `default` replaces Flask's own.
    """

def json_loads(data: str | bytes) -> Any:
    """Return exactly what `json.loads` returns, or NotImplemented when only that knows the value or the error."""

def json_response(provider: JSONProvider, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Response | None:
    """Return what a provider's `response` would with these arguments; None: Python has to make it."""

def jsonify(args: tuple[Any, ...], kwargs: dict[str, Any]) -> Response | None:
    """Return what the current application's `json.response` would; None: Python has to make it, or to say why not."""

# Server ---------------------------------------------------------------------------------------------------------------

@final
class Server:
    """One application on one listening socket, served by threads of its own.

    The socket of the settings is duplicated, never closed. Raises TypeError for a setting of another type, ValueError
    for an unknown `access_log`.
    """

    def __new__(cls, app: WSGIApplication, log: ServerLog, settings: ServerSettings) -> Self: ...
    def start(self) -> None:
        """Begin to serve and return at once. Call it in the process that serves: threads do not survive a fork.

        Raises RuntimeError when it is running already, OSError for a socket that is not open.
        """

    def stop(self, grace: float) -> bool:
        """Accept no more, give requests in progress `grace` seconds, drop the rest.

        Returns whether no thread of a server is inside Python any more; while one is, the interpreter must not be
        finalized.
        """

    @staticmethod
    def threads_alive() -> int:
        """Return how many threads the servers of this process have, in a view or waiting for one."""

# For tests alone -----------------------------------------------------------------------------------------------------
# Compiled with the feature `testing`, which a wheel has not: parsers under Werkzeug's names, and the session cookie.

@final
class SessionKeys:
    """The keys of an app's session cookies, derived once.

    `fallbacks` are older keys whose cookies still count, oldest first. Without `salt` it is Flask's ``cookie-session``.
    Raises TypeError for a key that is neither str nor bytes, ValueError for an unknown derivation or digest.
    """

    def __new__(
        cls,
        secret_key: str | bytes,
        fallbacks: Iterable[str | bytes] | None = None,
        salt: str | bytes | None = None,
        key_derivation: str = "hmac",
        digest: str = "sha1",
    ) -> Self: ...
    def open(self, cookie: str, max_age: int | None = None) -> dict[str, Any] | None:
        """Return what a cookie holds; None when its signature is wrong or it was signed more than `max_age` ago.

        Raises itsdangerous.BadPayload when what was signed can't be read.
        """

    def seal(self, session: dict[str, Any]) -> str | None:
        """Return a session as a cookie's value, signed now; None when a value in it needs the Python serializer."""

@overload
def parse_query(raw: bytes, cls: None = None) -> ImmutableMultiDict[str, str]: ...
@overload
def parse_query(raw: bytes, cls: _Pairs[_Storage]) -> _Storage:
    """Return the pairs of a raw query string.

    Raises UnicodeDecodeError when it is not UTF-8; escapes may be anything.
    """

def version_of(object: object) -> str | None:
    """Return what changes whenever a class, a dict, or an instance with its class does; None without such a thing."""

@overload
def parse_cookie(cookie: str | None = None, cls: None = None) -> ImmutableMultiDict[str, str]: ...
@overload
def parse_cookie(cookie: str | None, cls: _Pairs[_Storage]) -> _Storage:
    """Return the cookies of a ``Cookie`` header."""

def parse_options_header(value: str | None) -> tuple[str, dict[str, str]]:
    """Return a header's value and its parameters."""

def http_date(timestamp: datetime | date | float | None = None) -> str:
    """Return a moment (seconds since 1970, a naive date in UTC; without one, now) as an HTTP date.

    Raises ValueError or OverflowError outside of the years 1 to 9999.
    """

def parse_date(value: str | None) -> datetime | None:
    """Return the moment that an HTTP date names, in UTC, or None where it names none."""

def dump_cookie(
    key: str,
    value: str = "",
    max_age: timedelta | int | None = None,
    expires: str | datetime | float | None = None,
    path: str | None = ...,
    domain: str | None = None,
    secure: bool | None = None,
    httponly: bool | None = None,
    sync_expires: bool = True,
    max_size: int | None = ...,
    samesite: str | None = None,
    partitioned: bool | None = None,
) -> str:
    """Return the value of a ``Set-Cookie`` header; `path` is ``/`` and `max_size` 4093 unless given.
    Longer than that it warns; 0 and None are no limit.

    Raises ValueError for a `samesite` that is not Strict, Lax or None.
    """

@overload
def parse_form(body: bytes, cls: None = None) -> ImmutableMultiDict[str, str]: ...
@overload
def parse_form(body: bytes, cls: _Pairs[_Storage]) -> _Storage:
    """Return the fields of an urlencoded body."""

def parse_multipart(
    source: bytes | _HasRead,
    content_type: str,
    content_length: int | None = None,
    *,
    stream_factory: Callable[..., IO[bytes]] | None = None,
    max_content_length: int | None = None,
    max_form_memory_size: int | None = None,
    max_form_parts: int | None = None,
    cls: Callable[..., Any] | None = None,
    silent: bool = True,
) -> tuple[Any, Any]:
    """Return the fields and the files of a multipart body, as `Request.form` and `Request.files` show them.

    A malformed body is two empty ones, or a ValueError unless `silent`. Raises RequestEntityTooLarge (413) past a
    limit.
    """
