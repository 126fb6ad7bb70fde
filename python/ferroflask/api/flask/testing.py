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
from .wrappers import Response

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
    """Werkzeug's builder of test requests, with what the app's config says as defaults.

    `path` may be a whole URL. Unless `base_url` is given, scheme, host and root come from the URL, from `url_scheme`
    and `subdomain`, or from PREFERRED_URL_SCHEME, SERVER_NAME and APPLICATION_ROOT; giving both is an AssertionError.
    `json=` is written by the app's JSON provider. All other arguments are Werkzeug's.
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
        """Write `obj` as JSON text with the app's provider."""
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
    """Werkzeug's test client for a Flask app.

    In a `with` block the context of the last request stays pushed until the next request or the end of the block, so
    that a test can look at `request`, `session` and `g`. `environ_base` holds what every request's environ starts with.
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
        """Give the session that the client's next request will see, and save it back at the end of the `with` block.

        Takes the arguments of `app.test_request_context`, for sessions that depend on the request. TypeError if the
        client keeps no cookies, RuntimeError if the app opens no session.
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
        """Send a request and return the response.

        The first argument may be an `EnvironBuilder` of Werkzeug's or ours, an environ, or a request; else all
        arguments go to our `EnvironBuilder`. `buffered` reads the whole body at once, `follow_redirects` goes on until
        the answer is none.
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
        """Store a cookie, as Werkzeug's client does; `(server_name, key, value)`, the order until 2.3, still works."""
        if former_value is not None:
            _warn_of_server_name()
            kwargs.setdefault("domain", key)
            key, value = value, former_value
        super().set_cookie(key, value, **kwargs)

    def delete_cookie(self, key: str, former_key: str | None = None, **kwargs: t.Any) -> None:
        """Forget a cookie, as Werkzeug's client does; `(server_name, key)`, the order until 2.3, still works."""
        if former_key is not None:
            _warn_of_server_name()
            kwargs.setdefault("domain", key)
            key = former_key
        super().delete_cookie(key, **kwargs)

    def run_wsgi_app(self, environ: WSGIEnvironment, buffered: bool = False) -> tuple[t.Iterable[bytes], str, Headers]:
        """Call the app with a copy of `environ`, with cookies both ways. Returns body, status line and headers."""
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
    """click's test runner for the commands of one app. All other arguments are click's."""

    def __init__(self, app: Flask, **kwargs: t.Any) -> None:
        super().__init__(**kwargs)
        self.app = app

    def invoke(  # type: ignore[override]
        self, cli: t.Any = None, args: t.Any = None, **kwargs: t.Any
    ) -> Result:
        """Run the command `cli`, by default the group `app.cli`, with the list of strings `args`.

        Without `obj` the command gets a `ScriptInfo` that loads our app.
        """
        if "obj" not in kwargs:
            kwargs["obj"] = ScriptInfo(create_app=lambda: self.app)
        command = self.app.cli if cli is None else cli
        return super().invoke(command, args, **kwargs)


arm_guards(__name__)

if not t.TYPE_CHECKING:
    from ._reexports import borrow

    borrow(__name__)
