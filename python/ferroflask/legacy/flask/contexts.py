"""The context stacks of Flask 0.1 to 2.3, over today's context variables. Extensions keep values as attributes of
`stack.top`, and give `__ident_func__` to SQLAlchemy as a scope.
"""

from __future__ import annotations

import threading
import typing as t

from flask.globals import _cv_app, _cv_request, _no_app_msg, _no_req_msg

if t.TYPE_CHECKING:
    from contextvars import ContextVar


class ContextStack:
    """Shows the current context as the top of a stack; None when there is none."""

    def __init__(self, current: ContextVar[t.Any]) -> None:
        self._current = current

    @property
    def top(self) -> t.Any:
        """The innermost context, or None."""
        return self._current.get(None)

    def push(self, context: t.Any) -> t.Any:
        """Enter a context."""
        context.push()
        return context

    def pop(self) -> t.Any:
        """Leave the innermost context and return it; None when there is none."""
        context = self.top
        if context is not None:
            context.pop()
        return context

    @property
    def __ident_func__(self) -> t.Callable[[], int]:
        """What distinguished threads and greenlets."""
        return threading.get_ident


app_ctx_stack = ContextStack(_cv_app)
request_ctx_stack = ContextStack(_cv_request)


def find_app() -> t.Any:
    """Return the current application. Raises RuntimeError when there is none."""
    return lookup_app_object("app")


def lookup_app_object(name: str) -> t.Any:
    """Return an attribute of the app context. Raises RuntimeError when there is none."""
    if (top := app_ctx_stack.top) is None:
        raise RuntimeError(_no_app_msg)
    return getattr(top, name)


def lookup_req_object(name: str) -> t.Any:
    """Return an attribute of the request context. Raises RuntimeError when there is none."""
    if (top := request_ctx_stack.top) is None:
        raise RuntimeError(_no_req_msg)
    return getattr(top, name)
