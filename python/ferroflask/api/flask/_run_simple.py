"""Which development server `flask run` and `app.run()` start.

Tools and test suites replace `werkzeug.serving.run_simple` to see what would be served; a replacement is always obeyed,
and only Werkzeug's untouched function gives way to our server. Nothing here knows about apps, options or the command
line.
"""

from __future__ import annotations

import typing as t

import werkzeug

RunSimple = t.Callable[..., None]

# Missing while only a part of the distribution is on the path; any other import error is a real one and must be seen.
_OPTIONAL_MODULES = frozenset(
    {"ferroflask", "ferroflask.dev_server", "ferroflask.dev_server.server", "ferroflask._core"}
)


def is_werkzeugs_own(candidate: object) -> bool:
    """True for the function that Werkzeug itself defines, whenever and wherever it was imported from."""
    import werkzeug.serving  # the server: only those who serve need it

    # Identity with a remembered function would call a patch made before our import genuine.
    return getattr(candidate, "__globals__", None) is vars(werkzeug.serving)


def current_run_simple(local: RunSimple | None = None) -> RunSimple:
    """Return the function to call as `run_simple(host, port, app, **options)`.

    `local` is the name `run_simple` in the caller's own module, for callers whose name may be replaced too. The first
    of `local`, `werkzeug.serving.run_simple` and `werkzeug.run_simple` that was replaced wins; else it is our
    server.
    """
    for candidate in (local, werkzeug.serving.run_simple, werkzeug.run_simple):
        if candidate is not None and not is_werkzeugs_own(candidate):
            return candidate
    return _our_server()


def _our_server() -> RunSimple:
    try:
        from ferroflask.dev_server.server import run_simple
    except ModuleNotFoundError as error:
        if error.name not in _OPTIONAL_MODULES:
            raise
        return werkzeug.serving.run_simple
    return t.cast(RunSimple, run_simple)
