"""The server's threads as Python's `threading` knows them: real `threading.Thread` objects with names, and the hooks of
debuggers, tracers and profilers (`threading.settrace`, `threading.setprofile`) in each of them.

Called by the server alone. It must not know what its threads run.
"""

from __future__ import annotations

import itertools
import sys
import threading
import types
import typing as t

if t.TYPE_CHECKING:
    from collections.abc import Callable

_numbers: dict[str, itertools.count[int]] = {"view": itertools.count(1), "io": itertools.count(1)}

#: Whether a new `threading.Thread` is no thread of the operating system, as in a program that gevent has patched.
_green = False


class _Hooks(threading.local):
    """The hooks that the current thread has from `threading`."""

    trace: object = None
    profile: object = None


_hooks = _Hooks()


def start(live: Callable[[], object]) -> bool:
    """Call `live` on a new daemon thread of `threading`.

    :returns: False if that can't be had, and `live` was not called: the caller is to run it on a thread of its own.
    """
    global _green
    if _green:
        return False
    caller = threading.get_native_id()
    refused = False

    def run() -> None:
        nonlocal refused
        if threading.get_native_id() == caller:
            refused = True
            return
        # `threading` has set these already.
        _hooks.trace, _hooks.profile = threading.gettrace(), threading.getprofile()
        live()

    try:
        threading.Thread(target=run, name=_name("view"), daemon=True).start()
    except RuntimeError:
        # The limit of the operating system, or the interpreter is about to end.
        return False
    _green = refused
    return not refused


def enter(kind: str) -> None:
    """Give the current thread, which `threading` has not started, a name of its own."""
    threading.current_thread().name = _name(kind)


def leave() -> None:
    """Take the current thread off `threading`'s list, as it ends. Python does that itself from 3.12 on."""
    getattr(threading, "_active", {}).pop(threading.get_ident(), None)


def follow_hooks() -> bool:
    """Set the hooks that `threading` has now, if they are not those the current thread has from there.

    :returns: whether a debugger, tracer or profiler has to see what Python threads run, so views run on them.
    """
    trace, profile = threading.gettrace(), threading.getprofile()
    if trace is not _hooks.trace:
        _hooks.trace = trace
        sys.settrace(trace)
    if profile is not _hooks.profile:
        _hooks.profile = profile
        sys.setprofile(profile)
    return trace is not None or profile is not None or _starts_are_watched()


def _starts_are_watched() -> bool:
    """Whether a debugger has put its own function in place of the one that starts threads, as debugpy does."""
    starting = [getattr(threading, name, None) for name in ("_start_new_thread", "_start_joinable_thread")]
    builtin = (types.BuiltinFunctionType, types.NoneType)
    return not _green and not all(isinstance(function, builtin) for function in starting)


def _name(kind: str) -> str:
    return f"ferroflask-{kind}-{next(_numbers[kind])}"
