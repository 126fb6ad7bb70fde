"""`werkzeug.server.shutdown`: what the development server put into each request's environ until Werkzeug 2.1, so that a
test could stop it through a view. It must not know the server, only how to stop it.
"""

from __future__ import annotations

import typing as t

from ..machinery.registry import enabled, warn_user

#: The key of the environ.
KEY = "werkzeug.server.shutdown"

_ADVICE = (
    f"The development server's {KEY!r} was removed in Werkzeug 2.1. Stop the server's process from outside, or use"
    " 'werkzeug.serving.make_server' in a thread and its 'shutdown' method."
)


def environ_of(stop: t.Callable[[], None]) -> dict[str, t.Any] | None:
    """Return what a server that `stop` ends adds to its environs; None with the former names switched off."""
    return {KEY: make_shutdown(stop)} if enabled() else None


def make_shutdown(stop: t.Callable[[], None]) -> t.Callable[[], None]:
    """Return a function that calls `stop` and warns. Later calls do nothing."""
    called = False

    def shutdown_server() -> None:
        nonlocal called
        if not called:
            called = True
            warn_user(_ADVICE)
            stop()

    return shutdown_server
