"""Test tools: the client that sends requests to an app, the builder of its requests, the runner for its commands.

Knows Werkzeug's test client and how a request context can outlive its request. It must not know how a request is
dispatched.
"""

from __future__ import annotations

import typing as t
import warnings
from collections.abc import Iterator
from contextlib import ExitStack, closing, contextmanager
from copy import copy
from functools import cache
from urllib.parse import urlsplit

import werkzeug.test
from click.testing import CliRunner, Result
from werkzeug.test import Client, TestResponse
from werkzeug.wrappers import Request as BaseRequest
from werkzeug.wsgi import get_current_url

from ferroflask._core import RequestOnTouch, arm_guards, plain_environ, send_plain_request
from ferroflask.legacy.flask.client_extras import answer_as_tuple

from .cli import ScriptInfo
from .sessions import SessionMixin

if t.TYPE_CHECKING:
    from types import TracebackType

    from _typeshed.wsgi import WSGIEnvironment
    from werkzeug.datastructures import Headers

    from .app import Flask


@cache
def _get_werkzeug_version() -> str:
    from importlib.metadata import version

    return version("werkzeug")


class EnvironBuilder(werkzeug.test.EnvironBuilder):
    """Werkzeug's builder of test requests, with what the application's settings say as defaults.

    Args:
        app: the application.
        path: the path, with or without a query, or a whole URL.
        base_url: scheme, host and root in front of the path. By default they come from the URL, from `url_scheme` and
            `subdomain`, or from `PREFERRED_URL_SCHEME`, `SERVER_NAME` and `APPLICATION_ROOT`.
        subdomain: the subdomain in front of `SERVER_NAME`.
        url_scheme: the scheme, `http` unless `PREFERRED_URL_SCHEME` says otherwise.
        args: Werkzeug's other positional arguments.
        kwargs: Werkzeug's keyword arguments: `method`, `headers`, `data`, `json` (written by the application's JSON
            provider) and others.

    Raises:
        AssertionError: `base_url` together with `subdomain` or `url_scheme`.
    """

    def __init__(
        self,
        app: Flask,
        path: str = "/",
        base_url: str | None = None,
        subdomain: str | None = None,
        url_scheme: str | None = None,
        *args: t.Any,
        **kwargs: t.Any,
    ) -> None:
        if base_url is None:
            path, base_url = _complete_url(app, path, subdomain, url_scheme)
        elif subdomain or url_scheme:
            raise AssertionError('Cannot pass "subdomain" or "url_scheme" with "base_url".')
        # Before Werkzeug's part, which serializes json=.
        self.app = app
        super().__init__(path, base_url, *args, **kwargs)

    def json_dumps(self, obj: t.Any, **kwargs: t.Any) -> str:
        """Write `obj` as JSON text with the application's provider, which gets `kwargs`."""
        return self.app.json.dumps(obj, **kwargs)


def _complete_url(app: Flask, target: str, subdomain: str | None, scheme: str | None) -> tuple[str, str]:
    """Split `target` into its path with query and the base URL it is relative to, filled up from the app's config."""
    config, url = app.config, urlsplit(target)
    host = config.get("SERVER_NAME") or "localhost"
    if subdomain:
        host = f"{subdomain}.{host}"
    if scheme is None:
        scheme = config["PREFERRED_URL_SCHEME"]
    root = config["APPLICATION_ROOT"].lstrip("/")
    path = f"{url.path}?{url.query}" if url.query else url.path
    return path, f"{url.scheme or scheme}://{url.netloc or host}/{root}"


class FlaskClient(Client):
    """Werkzeug's test client for a Flask application. `Flask.test_client` makes one.

        with app.test_client() as client:
            response = client.post("/login", data={"name": "Ann"}, follow_redirects=True)
            assert response.status_code == 200
            assert session["name"] == "Ann"

    In a `with` block the context of the last request stays current until the next request or the end of the block, so
    that a test can look at `request`, `session` and `g`. `environ_base` holds what every request's environ starts with.

    Args:
        args: Werkzeug's arguments: the application, the class of responses.
        kwargs: Werkzeug's keyword arguments, such as `use_cookies`.
    """

    application: Flask

    def __init__(self, *args: t.Any, **kwargs: t.Any) -> None:
        super().__init__(*args, **kwargs)
        wrapper = self.response_wrapper
        if wrapper is not TestResponse and wrapper not in args and wrapper is not kwargs.get("response_wrapper"):
            # Werkzeug made this class for us: its responses may make their request on first access.
            wrapper.request = RequestOnTouch()  # type: ignore[assignment]
        self.environ_base: dict[str, t.Any] = {
            "REMOTE_ADDR": "127.0.0.1",
            "HTTP_USER_AGENT": f"Werkzeug/{_get_werkzeug_version()}",
        }
        self.preserve_context = False
        # Contexts that the running request hands over, and those that are pushed again for the `with` block.
        self._new_contexts: list[t.ContextManager[t.Any]] = []
        self._context_stack = ExitStack()

    @contextmanager
    def session_transaction(self, *args: t.Any, **kwargs: t.Any) -> Iterator[SessionMixin]:
        """Give the session that the client's next request will see, and save it at the end of the `with` block.

            with client.session_transaction() as session:
                session["user"] = 1

        Args:
            args: those of `app.test_request_context`, for sessions that depend on the request.
            kwargs: those of `app.test_request_context` too.

        Raises:
            TypeError: the client stores no cookies.
            RuntimeError: the application opens no session.
        """
        if self._cookies is None:
            raise TypeError("Cookies are disabled. Create a client with 'use_cookies=True'.")

        app = self.application
        context = app.test_request_context(*args, **kwargs)
        request = context.request
        self._add_cookies_to_wsgi(request.environ)
        with context:
            session = app.session_interface.open_session(app, request)
        if session is None:
            raise RuntimeError("Session backend did not open a session.")

        yield session

        if app.session_interface.is_null_session(session):
            return
        response = app.response_class()
        with context:
            app.session_interface.save_session(app, session, response)
        host, _, _ = request.host.partition(":")
        self._update_cookies_from_response(host, request.path, response.headers.getlist("Set-Cookie"))

    def open(
        self, *args: t.Any, buffered: bool = False, follow_redirects: bool = False, **kwargs: t.Any
    ) -> TestResponse:
        """Send a request and return the response; `get`, `post` and the others call this.

        Args:
            args: the path and what else `EnvironBuilder` takes; or a builder of Werkzeug's or ours, an environ, or a
                request.
            buffered: whether to read the whole body at once.
            follow_redirects: whether to follow redirects until the answer is none.
            kwargs: keyword arguments of `EnvironBuilder`: `method`, `headers`, `query_string`, `data`, `json` and
                others.
        """
        if "as_tuple" in kwargs:
            return answer_as_tuple(self, args, {"buffered": buffered, "follow_redirects": follow_redirects, **kwargs})
        response = None if follow_redirects else send_plain_request(self, args, kwargs, buffered)
        if response is None:
            request = self._as_request(args, kwargs)
            # Each request closes the contexts of the one before it, even of one in the same chain of redirects.
            self._context_stack.close()
            response = super().open(request, buffered=buffered, follow_redirects=follow_redirects)
            response.json_module = self.application.json  # type: ignore[assignment]

        if self._new_contexts:
            kept, self._new_contexts[:] = self._new_contexts[:], []
            for context in kept:
                self._context_stack.enter_context(context)
        return response

    def _as_request(self, args: tuple[t.Any, ...], kwargs: dict[str, t.Any]) -> BaseRequest:
        """Make the request of the arguments of `open`, with `environ_base` beneath it. What was passed in is not
        changed.
        """
        given = args[0] if args else None
        if isinstance(given, werkzeug.test.EnvironBuilder):
            builder = copy(given)
            builder.environ_base = self._copy_environ(dict(builder.environ_base or ()))
            return builder.get_request()
        if isinstance(given, dict):
            base = self._copy_environ({})
            return EnvironBuilder.from_environ(given, app=self.application, environ_base=base).get_request()
        if isinstance(given, BaseRequest):
            request = copy(given)
            request.environ = self._copy_environ(request.environ)
            return request
        return self._request_from_builder_args(args, kwargs)

    def _request_from_builder_args(self, args: tuple[t.Any, ...], kwargs: dict[str, t.Any]) -> BaseRequest:
        kwargs["environ_base"] = self._copy_environ(kwargs.get("environ_base", {}))
        environ = plain_environ(self.application, args, kwargs)
        if environ is not None:
            return EnvironBuilder.request_class(environ)
        with closing(EnvironBuilder(self.application, *args, **kwargs)) as builder:
            return builder.get_request()

    def set_cookie(self, key: str, value: str = "", former_value: str | None = None, **kwargs: t.Any) -> None:
        """Store a cookie, which later requests send. `(server_name, key, value)`, the order until 2.3, still works.

        Args:
            key: the name.
            value: the text.
            kwargs: `domain` (`localhost` by default), `path` (`/`), `origin_only` (True: not for hosts below the
                domain), and the attributes of a cookie that Werkzeug's client takes.
        """
        if former_value is not None:
            _warn_of_server_name()
            kwargs.setdefault("domain", key)
            key, value = value, former_value
        super().set_cookie(key, value, **kwargs)

    def delete_cookie(self, key: str, former_key: str | None = None, **kwargs: t.Any) -> None:
        """Forget a cookie. `(server_name, key)`, the order until 2.3, still works.

        Args:
            key: the name.
            kwargs: `domain` (`localhost` by default) and `path` (`/`) of the cookie.
        """
        if former_key is not None:
            _warn_of_server_name()
            kwargs.setdefault("domain", key)
            key = former_key
        super().delete_cookie(key, **kwargs)

    def run_wsgi_app(self, environ: WSGIEnvironment, buffered: bool = False) -> tuple[t.Iterable[bytes], str, Headers]:
        """Call the application with an environ, with cookies both ways.

        Args:
            environ: the WSGI environment, a dict.
            buffered: whether to read the whole body at once.

        Returns body, status line and headers.
        """
        # The cookie methods work out the request's URL, which nobody needs while there is no cookie.
        if self._cookies == {} and self._has_own("_add_cookies_to_wsgi"):
            environ.pop("HTTP_COOKIE", None)
        else:
            self._add_cookies_to_wsgi(environ)
        answer = werkzeug.test.run_wsgi_app(self.application, environ, buffered=buffered)
        new_cookies = answer[2].getlist("Set-Cookie")
        if new_cookies or not self._has_own("_update_cookies_from_response"):
            self._keep_cookies(environ, new_cookies)
        return answer

    def _keep_cookies(self, environ: WSGIEnvironment, lines: list[str]) -> None:
        """Store what the Set-Cookie `lines` of an answer to `environ` say."""
        url = urlsplit(get_current_url(environ))
        self._update_cookies_from_response(url.hostname or "localhost", url.path, lines)

    def _has_own(self, method: str) -> bool:
        """True if `method` is Werkzeug's, replaced neither in a subclass nor on this client."""
        return method not in vars(self) and getattr(type(self), method) is getattr(Client, method)

    def _copy_environ(self, other: WSGIEnvironment) -> WSGIEnvironment:
        """Lay `other` over `environ_base`, and request the app's context if we are in a `with` block."""
        environ = {**self.environ_base, **other}
        if self.preserve_context:
            environ["werkzeug.debug.preserve_context"] = self._new_contexts.append
        return environ

    def __enter__(self) -> FlaskClient:
        if self.preserve_context:
            raise RuntimeError("Cannot nest client invocations")
        self.preserve_context = True
        return self

    def __exit__(self, exc_type: type | None, exc_value: BaseException | None, tb: TracebackType | None) -> None:
        self.preserve_context = False
        self._context_stack.close()


def _warn_of_server_name() -> None:
    advice = "The test client's cookie methods take no server name in front any more: pass it as 'domain='."
    warnings.warn(advice, DeprecationWarning, stacklevel=3)


class FlaskCliRunner(CliRunner):
    """Click's test runner for the commands of one application. `Flask.test_cli_runner` makes one.

    Args:
        app: the application.
        kwargs: Click's other arguments.
    """

    def __init__(self, app: Flask, **kwargs: t.Any) -> None:
        super().__init__(**kwargs)
        self.app = app

    def invoke(  # type: ignore[override]
        self, cli: t.Any = None, args: t.Any = None, **kwargs: t.Any
    ) -> Result:
        """Run a command and return Click's result, with `exit_code`, `output` and `exception`.

        Args:
            cli: the command, by default the group `app.cli`.
            args: the arguments of the command, a list of texts.
            kwargs: Click's other arguments. Without `obj` the command gets a `ScriptInfo` that loads our application.
        """
        if "obj" not in kwargs:
            kwargs["obj"] = ScriptInfo(create_app=lambda: self.app)
        command = self.app.cli if cli is None else cli
        return super().invoke(command, args, **kwargs)


arm_guards(__name__)

if not t.TYPE_CHECKING:
    from ._reexports import borrow

    borrow(__name__)
