"""`before_first_request`: functions that an application runs once, when its first request comes.

They run in that request's context and before its hooks; setting up is still allowed in them. While there are any, the
application's `full_dispatch_request` is replaced, on the instance; afterwards requests pass as if they never were.
"""

from __future__ import annotations

import threading
import typing as t

if t.TYPE_CHECKING:
    from collections.abc import Callable

    from flask import Flask

_STEP = "full_dispatch_request"


class _FirstRequest:
    """Stands in for `full_dispatch_request` until the functions have run."""

    def __init__(self, app: Flask) -> None:
        self.app = app
        self.lock = threading.Lock()
        self.functions: list[Callable[[], t.Any]] = []
        # A replacement from before ours.
        self.replaced: Callable[[], t.Any] | None = vars(app).get(_STEP)

    def run(self) -> None:
        """Run the functions unless that has been done; if one raises, the next request starts again."""
        app = self.app
        with self.lock:
            if vars(app).get(_STEP) is not self:
                return
            # By index: a function may add another.
            done = 0
            while done < len(self.functions):
                app.ensure_sync(self.functions[done])()
                done += 1
            if self.replaced is None:
                del vars(app)[_STEP]
            else:
                vars(app)[_STEP] = self.replaced

    def __call__(self) -> t.Any:
        """Dispatch the first request, and those that come while the functions run."""
        self.run()
        if self.replaced is not None:
            return self.replaced()
        return type(self.app).full_dispatch_request(self.app)


def _pending(app: Flask) -> _FirstRequest:
    step = vars(app).get(_STEP)
    if not isinstance(step, _FirstRequest):
        step = vars(app)[_STEP] = _FirstRequest(app)
    return step


def first_request_functions(app: Flask) -> list[t.Callable[[], t.Any]]:
    """Return the list of functions that wait for the first request; may be changed. Empty once they have run."""
    return [] if app._got_first_request else _pending(app).functions


def before_first_request(app: Flask, function: t.Any) -> t.Any:
    """Have `function()` called once, before the first request is dispatched. Returns it.

    Raises AssertionError when the first request is over.
    """
    app._check_setup_finished("before_first_request")
    _pending(app).functions.append(function)
    return function


def trigger_first_request_functions(app: Flask) -> None:
    """Run the functions now, if they wait."""
    step = vars(app).get(_STEP)
    if isinstance(step, _FirstRequest):
        step.run()
