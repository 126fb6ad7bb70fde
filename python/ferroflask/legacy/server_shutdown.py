"""`werkzeug.server.shutdown`: what the development server put into each request's environ until Werkzeug 2.1, so that a
test could stop it through a view. It must not know which server there is: it ends whatever `serve_forever` runs.
"""

from __future__ import annotations

import ctypes
import os
import signal
import sys
import typing as t

from .registry import warn_user

#: The key of the environ.
KEY = "werkzeug.server.shutdown"

_ADVICE = (
    f"The development server's {KEY!r} was removed in Werkzeug 2.1. Stop the server's process from outside, or use"
    " 'werkzeug.serving.make_server' in a thread and its 'shutdown' method."
)


def make_shutdown() -> t.Callable[[], None]:
    """Return a function that stops the development server of this process. It warns on its first call and does nothing
    on later ones.

    `app.run()` returns where it was called, be it in a thread of a test program. Under the reloader the process ends.
    """
    called = False

    def shutdown_server() -> None:
        nonlocal called
        if called:
            return
        called = True
        warn_user(_ADVICE)
        thread = _serving_thread()
        if thread is None:
            os.kill(os.getpid(), signal.SIGINT)
        else:
            # What Ctrl-C would raise there, and servers end for.
            ctypes.pythonapi.PyThreadState_SetAsyncExc(ctypes.c_ulong(thread), ctypes.py_object(KeyboardInterrupt))

    return shutdown_server


def _serving_thread() -> int | None:
    """Return the thread that is to be interrupted, or None if it is the process: there is a reloader, or no server."""
    serving = None
    for thread, innermost in sys._current_frames().items():
        frame = innermost
        while frame is not None:
            if frame.f_code.co_name == "run_with_reloader":
                return None
            if frame.f_code.co_name == "serve_forever":
                serving = thread
            frame = frame.f_back  # type: ignore[assignment]
    return serving
