"""The contexts' Python side: the `g` namespace and the helpers round the current request context.

`AppContext` and `RequestContext` themselves are the engine's.
"""

from __future__ import annotations

import functools
import typing as t

from ferroflask._core import AppContext as AppContext, NamespaceBase, RequestContext as RequestContext

from . import typing as ft
from .globals import _cv_app, _cv_request

F = t.TypeVar("F", bound=t.Callable[..., t.Any])

_sentinel: t.Any = object()


class _AppCtxGlobals(NamespaceBase):
    """The namespace behind `g`: any attribute may be set; it lives as long as its application context."""

    def __getattr__(self, name: str) -> t.Any:
        # Reached only when normal look-up failed. Declares to type checkers that any name may be there.
        raise AttributeError(name)

    def __repr__(self) -> str:
        current = _cv_app.get(None)
        return object.__repr__(self) if current is None else f"<flask.g of '{current.app.name}'>"


def _active_request_context(wanted_by: str) -> RequestContext:
    current = _cv_request.get(None)
    if current is None:
        raise RuntimeError(
            f"'{wanted_by}' can only be used when a request context is active, such as in a view function."
        )
    return current


def after_this_request(f: ft.AfterRequestCallable[t.Any]) -> ft.AfterRequestCallable[t.Any]:
    """Have a function called with the response of the current request only.

        @after_this_request
        def add_header(response):
            response.headers["X-Seen"] = "yes"
            return response

    Args:
        f: the function. It gets the response and returns it, or another one.

    Returns `f`.

    Raises:
        RuntimeError: no request is being served.
    """
    _active_request_context("after_this_request")._after_request_functions.append(f)
    return f


def copy_current_request_context(f: F) -> F:
    """Make a function see the current request, also when it runs in another thread or greenlet.

        @copy_current_request_context
        def work():
            mail(request.form["address"])

        threading.Thread(target=work).start()

    Args:
        f: the function. It is called in a copy of the context, see `RequestContext.copy`.

    Raises:
        RuntimeError: no request is being served.
    """
    carried = _active_request_context("copy_current_request_context").copy()

    @functools.wraps(f)
    def in_context(*args: t.Any, **kwargs: t.Any) -> t.Any:
        with carried as context:
            return context.app.ensure_sync(f)(*args, **kwargs)

    return t.cast(F, in_context)


def has_app_context() -> bool:
    """Return whether there is an application context, so that `current_app` and `g` can be used."""
    return _cv_app.get(None) is not None


def has_request_context() -> bool:
    """Return whether there is a request context, so that `request` and `session` can be used."""
    return _cv_request.get(None) is not None


if not t.TYPE_CHECKING:
    from ._reexports import borrow

    borrow(__name__)
