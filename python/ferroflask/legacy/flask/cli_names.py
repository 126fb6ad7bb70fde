"""What `flask.cli` had in older releases: the lazily loading application of `flask run`, its two flags, and others."""

from __future__ import annotations

import os
import threading
import typing as t

import click

if t.TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from types import ModuleType

    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

from ..machinery.registry import enabled, warn_user


class DispatchingApp:
    """A WSGI application that calls `loader` for the real one: when it is made, or else with the first request."""

    def __init__(self, loader: Callable[[], WSGIApplication], use_eager_loading: bool | None = None) -> None:
        self.loader = loader
        self._app: WSGIApplication | None = loader() if use_eager_loading else None
        self._lock = threading.Lock()

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        with self._lock:
            if self._app is None:
                self._app = self.loader()
        return self._app(environ, start_response)


def find_default_import_path() -> str | None:
    """Return what FLASK_APP says, as the path of a file where it is one; None when it says nothing."""
    named = os.environ.get("FLASK_APP")
    return os.path.abspath(named) if named and os.path.isfile(named) else named


def _say_so(context: click.Context, option: click.Parameter, value: bool | None) -> None:
    if value is not None:
        warn_user("'flask run' loads the application at once, always: '--eager-loading' and '--lazy-loading' are gone.")


def mend(cli: ModuleType) -> None:
    """Let `flask run` take its former flags, which have no effect."""
    if not enabled() or not hasattr(cli, "run_command"):
        return
    cli.run_command.params.append(
        click.Option(
            ["--eager-loading/--lazy-loading", " /--lazy-loader"],
            default=None,
            hidden=True,
            expose_value=False,
            callback=_say_so,
        )
    )
