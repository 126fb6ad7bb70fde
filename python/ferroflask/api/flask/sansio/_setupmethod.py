"""What declaring methods are made with: the guard against declaring too late, the maker of decorators."""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import Any, Protocol, cast

from ._types import F, Hooks


class _Declarer(Protocol):
    def _check_setup_finished(self, f_name: str) -> None: ...


def setupmethod(f: F) -> F:
    """Have a method refuse to run when it is too late to declare anything.

    Args:
        f: the method. Before it, `self._check_setup_finished` is called with its name.
    """
    name = f.__name__

    @functools.wraps(f)
    def guarded(self: _Declarer, *args: Any, **kwargs: Any) -> Any:
        self._check_setup_finished(name)
        return f(self, *args, **kwargs)

    return cast(F, guarded)


def decorator_for(declare: Callable[[Any], object]) -> Callable[[Any], Any]:
    """Make a decorator that hands the function to `declare` and returns it unchanged."""

    def decorator(f: F) -> F:
        declare(f)
        return f

    return decorator


def add_for_all(hooks: Hooks, f: F) -> F:
    """Append a function to those that run for the whole application (or the whole blueprint), and return it."""
    hooks.setdefault(None, []).append(f)
    return f
