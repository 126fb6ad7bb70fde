"""Functions that Flask had once and nobody has today."""

from __future__ import annotations

import inspect
import ipaddress
import os
import typing as t

from werkzeug.exceptions import NotFound
from werkzeug.security import safe_join as join_or_none

if t.TYPE_CHECKING:
    from datetime import timedelta


def safe_join(directory: str, *pathnames: str) -> str:
    """Join path parts below a directory. Raises NotFound (404) for a path that leads out of it."""
    joined = join_or_none(directory, *pathnames)
    if joined is None:
        raise NotFound()
    return joined


def total_seconds(td: timedelta) -> int:
    """Return a duration in whole seconds, without its microseconds."""
    return td.days * 86_400 + td.seconds


def get_env() -> str:
    """Return FLASK_ENV, by default "production"."""
    return os.environ.get("FLASK_ENV") or "production"


def is_ip(value: str) -> bool:
    """Return whether the text is an IPv4 or IPv6 address."""
    try:
        ipaddress.ip_address(value)
    except ValueError:
        return False
    return True


def loader_thinks_module_is_package(loader: t.Any, mod_name: str) -> bool:
    """Return whether a loader has a package under this name. Raises AttributeError for a loader that doesn't know."""
    if hasattr(loader, "is_package"):
        return bool(loader.is_package(mod_name))
    if type(loader).__module__ == "_frozen_importlib" and type(loader).__name__ == "NamespaceLoader":
        return True
    raise AttributeError(f"{type(loader).__name__}.is_package() method is missing.")


def make_test_environ_builder(app: t.Any, path: str = "/", *args: t.Any, **kwargs: t.Any) -> t.Any:
    """Make the builder of a test request for an app."""
    from flask.testing import EnvironBuilder

    return EnvironBuilder(app, path, *args, **kwargs)


def call_factory(
    script_info: t.Any, app_factory: t.Callable[..., t.Any], args: t.Any = None, kwargs: t.Any = None
) -> t.Any:
    """Call an app factory, with the script info if it has a parameter of that name."""
    named = dict(kwargs or {})
    if "script_info" in inspect.signature(app_factory).parameters:
        named.setdefault("script_info", script_info)
    return app_factory(*(args or ()), **named)


def explain_ignored_app_run() -> None:
    """Say on the terminal that `app.run()` does nothing under `flask run`, unless the reloader's child calls it."""
    import click

    if os.environ.get("WERKZEUG_RUN_MAIN") != "true":
        click.secho(" * Ignoring a call to 'app.run()': the server runs already.", fg="red", err=True)
