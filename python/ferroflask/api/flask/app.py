"""`Flask`, the application: what `sansio.app.App` declares plus what is needed to serve it.

The request-time steps (`wsgi_app`, `full_dispatch_request`, `dispatch_request`, …) are methods of `_core.AppCore`, in
Rust; overriding one on a subclass or an instance makes the engine call the override. Here are the steps that are rare
in a request's life (errors, redirects, adapters) and everything round serving: development server, test client, files,
templates.
"""

from __future__ import annotations

import os
import sys
import typing as t
import weakref
from types import TracebackType
from urllib.parse import quote

from werkzeug.exceptions import BadRequestKeyError, HTTPException, InternalServerError
from werkzeug.routing import BuildError, MapAdapter, RequestRedirect, RoutingException
from werkzeug.wsgi import get_host

from ferroflask._core import AppCore, arm_guards
from ferroflask.legacy import todays_keywords
from ferroflask.legacy.flask.members import adopt

from . import _jinja_types as jinja, typing as ft
from ._commands import Commands
from ._default_config import DEFAULT_CONFIG
from ._run_simple import current_run_simple
from ._serves_files import ServesFiles
from .ctx import RequestContext
from .globals import _cv_app, _cv_request, g, request, session
from .helpers import get_debug_flag, get_flashed_messages, get_load_dotenv
from .sansio.app import App
from .sessions import SecureCookieSessionInterface, SessionInterface
from .signals import got_request_exception
from .wrappers import Request, Response

if t.TYPE_CHECKING:
    from .testing import FlaskClient, FlaskCliRunner

#: What names a folder, and what `sys.exc_info` returns.
PathArg: t.TypeAlias = str | os.PathLike[str] | None
ExcInfo: t.TypeAlias = tuple[type, BaseException, TracebackType] | tuple[None, None, None]

#: Characters of a URL fragment that stay as they are.
_ANCHOR_SAFE = "%!#$&'()*+,/:;=?@"

#: Methods whose body does not matter, so that a redirect loses nothing.
_BODILESS = frozenset({"GET", "HEAD", "OPTIONS"})


class Flask(AppCore, ServesFiles, App):
    """A web application: what views, settings, hooks and templates are registered with, and what a server calls.

        from flask import Flask

        app = Flask(__name__)

        @app.route("/")
        def index():
            return "Hello!"

    Save it as app.py and start it with `flask run`, then open http://127.0.0.1:5000.

    Args:
        import_name: the name of the module or package the application belongs to, usually `__name__`. Its folder is
            where templates and static files are.
        static_url_path: the URL path in front of static files, by default a slash and the name of their folder.
        static_folder: the folder of static files, `static` by default; absolute or relative to `root_path`; None for
            none.
        static_host: the host for the rule of static files; needed when `host_matching` is on and there is such a
            folder.
        host_matching: whether rules are matched by the whole host; each rule then names its `host`.
        subdomain_matching: whether rules are matched by the subdomain below `SERVER_NAME`.
        template_folder: the folder of templates, `templates` by default; absolute or relative to `root_path`; None for
            none.
        instance_path: the folder for files of one installation, such as secrets and databases. It must be absolute; by
            default it is `instance` beside the module or package.
        instance_relative_config: whether the names of configuration files are relative to `instance_path`, not to
            `root_path`.
        root_path: the folder of the application, by default that of `import_name`. A namespace package needs it.

    Raises:
        ValueError: `instance_path` is relative.
        AssertionError: `static_host` without `host_matching`, or the reverse.
    """

    cli = Commands()
    default_config = DEFAULT_CONFIG

    request_class: type[Request] = Request
    response_class: type[Response] = Response
    session_interface: SessionInterface = SecureCookieSessionInterface()

    def __init__(
        self,
        import_name: str,
        static_url_path: str | None = None,
        static_folder: PathArg = "static",
        static_host: str | None = None,
        host_matching: bool = False,
        subdomain_matching: bool = False,
        template_folder: PathArg = "templates",
        instance_path: str | None = None,
        instance_relative_config: bool = False,
        root_path: str | None = None,
        **legacy: t.Any,
    ) -> None:
        if legacy:
            static_url_path = todays_keywords("Flask.__init__", legacy).get("static_url_path", static_url_path)
        matching = (host_matching, subdomain_matching)
        static = (static_url_path, static_folder, static_host)
        super().__init__(
            import_name, *static, *matching, template_folder, instance_path, instance_relative_config, root_path
        )
        adopt(self)
        if self.has_static_folder:
            assert bool(static_host) == host_matching, "Invalid static_host/host_matching combination"
            view = _static_view(weakref.ref(self))
            self.add_url_rule(f"{self.static_url_path}/<path:filename>", "static", view, host=static_host)

    # Files and templates

    def open_resource(self, resource: str, mode: str = "rb", encoding: str | None = None) -> t.IO[t.AnyStr]:
        """Open a file that lies beside the application's code, for reading.

            with app.open_resource("schema.sql", "r") as schema:
                database.executescript(schema.read())

        Args:
            resource: the path of the file, relative to `root_path`.
            mode: `rb` for bytes (the default), `r` or `rt` for text.
            encoding: that of a text file; by default the system's.

        Raises:
            ValueError: the mode is another one.
            OSError: the file can't be opened.
        """
        return self._open_for_reading(resource, mode, encoding)

    def open_instance_resource(self, resource: str, mode: str = "rb", encoding: str | None = "utf-8") -> t.IO[t.AnyStr]:
        """Open a file of the instance folder, for reading or writing.

        Args:
            resource: the path of the file, relative to `instance_path`.
            mode: any mode of the built-in `open`, `rb` by default.
            encoding: that of a text file, UTF-8 by default.

        Raises:
            OSError: the file can't be opened.
        """
        return open(os.path.join(self.instance_path, resource), mode, encoding=None if "b" in mode else encoding)

    def create_jinja_environment(self) -> jinja.Environment:
        """Make the Jinja environment of the application from `jinja_options`. Called when `jinja_env` is first used.

        Override it to change the environment. To Jinja's names it adds `url_for`, `get_flashed_messages`, `config`,
        `request`, `session` and `g`.
        """
        options: dict[str, t.Any] = {"autoescape": self.select_jinja_autoescape, **self.jinja_options}
        if "auto_reload" not in options:
            configured = self.config["TEMPLATES_AUTO_RELOAD"]
            options["auto_reload"] = self.debug if configured is None else configured
        environment = self.jinja_environment(self, **options)
        environment.policies["json.dumps_function"] = self.json.dumps
        environment.globals.update(
            url_for=self.url_for,
            get_flashed_messages=get_flashed_messages,
            config=self.config,
            request=request,
            session=session,
            g=g,
        )
        return environment

    def make_shell_context(self) -> dict[str, t.Any]:
        """Return the names that `flask shell` starts with: `app`, `g` and what the shell context processors add."""
        names: dict[str, t.Any] = {"app": self, "g": g}
        for processor in self.shell_context_processors:
            names.update(processor())
        return names

    # URLs

    def create_url_adapter(self, request: Request | None) -> MapAdapter | None:
        """Return the object that matches and builds URLs for one request, or for an application outside of requests.

        Args:
            request: the request; None to bind the URL map to `SERVER_NAME`, `APPLICATION_ROOT` and
                `PREFERRED_URL_SCHEME`.

        Returns None without a request where `SERVER_NAME` is not set. Raises SecurityError (400) for a host that is not
        in `TRUSTED_HOSTS`.
        """
        server_name = self.config["SERVER_NAME"]
        if request is None:
            if server_name is None:
                return None
            scheme, root = self.config["PREFERRED_URL_SCHEME"], self.config["APPLICATION_ROOT"]
            return self.url_map.bind(server_name, script_name=root, url_scheme=scheme)
        if (trusted := self.config["TRUSTED_HOSTS"]) is not None:
            request.trusted_hosts = trusted
        # Refuses an untrusted host before anything is matched.
        request.host = get_host(request.environ, request.trusted_hosts)
        subdomain = None
        if self.url_map.host_matching:
            # The host itself is matched; a configured name would take its place.
            server_name = None
        elif not self.subdomain_matching:
            subdomain = self.url_map.default_subdomain or ""
        return self.url_map.bind_to_environ(request.environ, server_name=server_name, subdomain=subdomain)

    def _url_by_adapter(
        self,
        endpoint: str,
        values: dict[str, t.Any],
        anchor: str | None,
        method: str | None,
        scheme: str | None,
        external: bool | None,
    ) -> str:
        """Build a URL of which the engine does not know better: the rest of `url_for`."""
        active = _cv_request.get(None)
        if active is None:
            adapter = self._adapter_outside_requests()
            external = True if external is None else external
        else:
            adapter = t.cast(MapAdapter, active.url_adapter)
            external = scheme is not None if external is None else external
            if endpoint[:1] == ".":
                # Relative to the blueprint that serves the request.
                endpoint = ((active.request.blueprint or "") + endpoint).removeprefix(".")
        if scheme is not None and not external:
            raise ValueError("When specifying '_scheme', '_external' must be True.")
        self.inject_url_defaults(endpoint, values)
        try:
            url = adapter.build(endpoint, values, method=method, url_scheme=scheme, force_external=external)
        except BuildError as error:
            values.update(_anchor=anchor, _method=method, _scheme=scheme, _external=external)
            return self.handle_url_build_error(error, endpoint, values)
        return _with_anchor(url, anchor)

    def _adapter_outside_requests(self) -> MapAdapter:
        current = _cv_app.get(None)
        adapter = self.create_url_adapter(None) if current is None else current.url_adapter
        if adapter is None:
            raise RuntimeError(
                "Unable to build URLs outside an active request without 'SERVER_NAME' configured."
                " Also configure 'APPLICATION_ROOT' and 'PREFERRED_URL_SCHEME' as needed."
            )
        return adapter

    def raise_routing_exception(self, request: Request) -> t.NoReturn:
        """Raise what matching the URL raised, such as NotFound or a redirect.

        In debug mode a redirect that would lose the body of the request is raised as an error that says so.

        Args:
            request: the request, whose `routing_exception` is raised.
        """
        error = t.cast(HTTPException, request.routing_exception)
        loses_body = isinstance(error, RequestRedirect) and error.code not in (307, 308)
        if self.debug and loses_body and request.method not in _BODILESS:
            from .debughelpers import FormDataRoutingRedirect

            raise FormDataRoutingRedirect(request)
        raise error

    def make_default_options_response(self) -> Response:
        """Return the answer to an OPTIONS request: an empty response whose `Allow` header names the URL's methods."""
        adapter = t.cast(MapAdapter, _cv_request.get().url_adapter)
        response = self.response_class()
        response.allow.update(adapter.allowed_methods())
        return response

    # Errors

    def handle_http_exception(self, e: HTTPException) -> HTTPException | ft.ResponseReturnValue:
        """Answer an HTTP error by its handler.

        Args:
            e: the HTTP exception. One without a code and a redirect of the router have no handler.

        Returns what the handler returned, or without a handler the exception, which is a response itself.
        """
        # Without a code it is a ready response in disguise; routing's own exceptions are no errors.
        if e.code is None or isinstance(e, RoutingException):
            return e
        handler = self._find_error_handler(e, request.blueprints)
        return e if handler is None else t.cast("ft.ResponseReturnValue", self.ensure_sync(handler)(e))

    def handle_user_exception(self, e: Exception) -> HTTPException | ft.ResponseReturnValue:
        """Answer an exception of a view or hook by its handler. HTTP errors go to `handle_http_exception`.

        Args:
            e: the exception that is being handled.

        Returns what the handler returned. Raises the exception again where there is no handler.
        """
        if isinstance(e, BadRequestKeyError) and (self.debug or self.config["TRAP_BAD_REQUEST_ERRORS"]):
            e.show_exception = True
        if isinstance(e, HTTPException) and not self.trap_http_exception(e):
            return self.handle_http_exception(e)
        handler = self._find_error_handler(e, request.blueprints)
        if handler is None:
            raise
        return t.cast("ft.ResponseReturnValue", self.ensure_sync(handler)(e))

    def handle_exception(self, e: Exception) -> Response:
        """Answer an exception that nobody handled: send `got_request_exception`, log it and return a 500.

        A handler for 500 or InternalServerError gets an InternalServerError with the exception in `original_exception`.

        Args:
            e: the exception that is being handled.

        Raises the exception again instead when `PROPAGATE_EXCEPTIONS` is set or, if that is None, while debugging or
        testing.
        """
        handled = sys.exc_info()
        if e.__traceback__ is None:
            handled = _with_traceback(e)
        got_request_exception.send(self, _async_wrapper=self.ensure_sync, exception=e)
        propagate = self.config["PROPAGATE_EXCEPTIONS"]
        if self.testing or self.debug if propagate is None else propagate:
            _, raised, traceback = sys.exc_info()
            if raised is e and traceback is e.__traceback__:  # they may differ before Python 3.11
                raise  # with its own traceback, as the debugger should see it
            raise e
        self.log_exception(handled)
        answer: InternalServerError | ft.ResponseReturnValue = InternalServerError(original_exception=e)
        handler = self._find_error_handler(t.cast(Exception, answer), request.blueprints)
        if handler is not None:
            answer = self.ensure_sync(handler)(answer)
        return self.finalize_request(answer, from_error_handler=True)

    def log_exception(self, exc_info: ExcInfo) -> None:
        """Log an exception that becomes a 500, as an error with its traceback, on `logger`.

        Args:
            exc_info: what `sys.exc_info()` returned: class, exception, traceback.
        """
        self.logger.error("Exception on %s [%s]", request.path, request.method, exc_info=exc_info)

    # Async views

    def async_to_sync(self, func: t.Callable[..., t.Coroutine[t.Any, t.Any, t.Any]]) -> t.Callable[..., t.Any]:
        """Return a function that runs an `async def` to its end, in an event loop, and returns its value.

        Override it to use another loop.

        Args:
            func: the `async def`.

        Raises:
            RuntimeError: asgiref is not installed.
        """
        try:
            from asgiref.sync import async_to_sync
        except ImportError:
            raise RuntimeError("Install Flask with the 'async' extra in order to use async views.") from None
        return async_to_sync(func)

    # Serving and testing

    def run(
        self,
        host: str | None = None,
        port: int | None = None,
        debug: bool | None = None,
        load_dotenv: bool = True,
        **options: t.Any,
    ) -> None:
        """Serve the application on this machine while you develop it.

            if __name__ == "__main__":
                app.run(debug=True)

        In debug mode it restarts when code changes and shows an interactive debugger in the browser, with which any
        visitor can run code: never use it in production. Does nothing under `flask run`, which is serving already.

        Args:
            host: the address to listen on, by default the host of `SERVER_NAME`, else 127.0.0.1; 0.0.0.0 is all of
                them.
            port: the port, by default that of `SERVER_NAME`, else 5000.
            debug: whether debug mode is on; by default it stays as it is.
            load_dotenv: whether to read the files .env and .flaskenv into the environment first.
            options: those of `werkzeug.serving.run_simple`, such as `use_reloader`, `threaded`, `ssl_context`.
        """
        # By this module's attributes, which are imported when they are needed and which programs may replace.
        front = sys.modules[__name__]
        if os.environ.get("FLASK_RUN_FROM_CLI") == "true":
            if not front.is_running_from_reloader():
                front.click.secho(_RUN_IGNORED, fg="red")
            return
        if get_load_dotenv(load_dotenv):
            front.cli.load_dotenv()
            if "FLASK_DEBUG" in os.environ:
                self.debug = get_debug_flag()
        if debug is not None:
            self.debug = bool(debug)
        name, _, named_port = (self.config.get("SERVER_NAME") or "").partition(":")
        address = host or name or "127.0.0.1"
        number = int(port if port is not None else named_port or 5000)
        options = {"use_reloader": self.debug, "use_debugger": self.debug, "threaded": True, **options}
        front.cli.show_server_banner(self.debug, self.name)
        try:
            current_run_simple()(address, number, self, **options)
        finally:
            # An interactive shell may change the application and run it again.
            self._got_first_request = False

    def test_client(self, use_cookies: bool = True, **kwargs: t.Any) -> FlaskClient:
        """Make a client that sends requests to the application without a server.

            client = app.test_client()
            assert client.get("/").text == "Hello!"

        Set `app.testing = True` first, so that exceptions reach the test.

        Args:
            use_cookies: whether the client stores cookies and sends them again.
            kwargs: more arguments for `test_client_class`, by default `flask.testing.FlaskClient`.
        """
        client_class = self.test_client_class
        if client_class is None:
            from .testing import FlaskClient

            client_class = FlaskClient
        return client_class(self, self.response_class, use_cookies=use_cookies, **kwargs)

    def test_cli_runner(self, **kwargs: t.Any) -> FlaskCliRunner:
        """Make a runner for the commands of the application.

            result = app.test_cli_runner().invoke(args=["init-db"])

        Args:
            kwargs: arguments for `test_cli_runner_class`, by default `flask.testing.FlaskCliRunner`.
        """
        runner_class = self.test_cli_runner_class
        if runner_class is None:
            from .testing import FlaskCliRunner

            runner_class = FlaskCliRunner
        return runner_class(self, **kwargs)

    def test_request_context(self, *args: t.Any, **kwargs: t.Any) -> RequestContext:
        """Make the context of a request that the arguments describe.

            with app.test_request_context("/greet?name=Ann"):
                assert request.args["name"] == "Ann"

        No hook and no view is called. `app.preprocess_request()` runs the hooks before the view.

        Args:
            args: those of `flask.testing.EnvironBuilder`: the path or URL, then `base_url`, `subdomain` and
                `url_scheme`.
            kwargs: those of the builder too: `method`, `headers`, `query_string`, `data`, `json` and others.
        """
        from .testing import EnvironBuilder

        builder = EnvironBuilder(self, *args, **kwargs)
        try:
            return self.request_context(builder.get_environ())
        finally:
            builder.close()


def _with_traceback(error: Exception) -> ExcInfo:
    """Give an exception of the engine, where there are no Python frames, a traceback to be logged with."""
    try:
        raise error
    except Exception:
        return sys.exc_info()


def _with_anchor(url: str, anchor: str | None) -> str:
    return url if anchor is None else f"{url}#{quote(anchor, safe=_ANCHOR_SAFE)}"


def _static_view(app_ref: weakref.ref[Flask]) -> t.Callable[..., Response]:
    """Return the view of an app's own files, which must not keep the app alive: it is in the app's dict.

    A function, since extensions read every view's name; the core knows it by its code.
    """
    return lambda **arguments: t.cast(Flask, app_ref()).send_static_file(**arguments)


_RUN_IGNORED = (
    " * Ignoring a call to 'app.run()' that would block the current 'flask' CLI command.\n"
    "   Only call 'app.run()' in an 'if __name__ == \"__main__\"' guard."
)

arm_guards(__name__)


if t.TYPE_CHECKING:
    import click as click
    from werkzeug.serving import is_running_from_reloader as is_running_from_reloader

    from .templating import Environment as Environment
else:
    from ._reexports import borrow

    borrow(__name__)
