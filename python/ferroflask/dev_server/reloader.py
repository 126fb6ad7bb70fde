"""Werkzeug's watchdog reloader, made to work with watchdog 7, which matches a pattern against the whole path where
older ones matched the end of it: ``*.py`` matches nothing there, and a saved file would go unnoticed. Nothing here
knows what is served.
"""

from __future__ import annotations

import functools
import inspect
import typing as t

from werkzeug import _reloader


class WatchdogReloader(_reloader.WatchdogReloaderLoop):
    """Its patterns mean the same in every version of watchdog, and files that are only opened cause no events."""

    def __init__(self, *args: t.Any, **kwargs: t.Any) -> None:
        super().__init__(*args, **kwargs)
        handler: t.Any = self.event_handler
        handler._patterns = [_anywhere(pattern) for pattern in handler._patterns or ()]
        handler._ignore_patterns = [_anywhere(pattern) for pattern in handler._ignore_patterns or ()]
        schedule = self.observer.schedule
        if "event_filter" in inspect.signature(schedule).parameters:
            # A big Python installation would overflow the kernel's queue with a note for every file that is opened.
            self.observer.schedule = functools.partial(schedule, event_filter=_changes())  # type: ignore[method-assign]


def _anywhere(pattern: str) -> str:
    """Write a pattern for the end of a path, or for a folder somewhere in it, as one for the whole path."""
    if pattern.startswith("*/") and pattern.endswith("/*"):
        return f"**/{pattern[2:-2]}/**"
    return pattern if pattern.startswith(("/", "**")) else f"**/{pattern}"


def _changes() -> list[type]:
    from watchdog import events

    names = ("FileClosedEvent", "FileCreatedEvent", "FileDeletedEvent", "FileModifiedEvent", "FileMovedEvent")
    return [getattr(events, name) for name in names]


def use_own_watchdog_loop() -> None:
    """Put the reloader into Werkzeug's table wherever Werkzeug's own watchdog loop stands in it."""
    for name, loop in _reloader.reloader_loops.items():
        if loop is _reloader.WatchdogReloaderLoop:
            _reloader.reloader_loops[name] = WatchdogReloader
