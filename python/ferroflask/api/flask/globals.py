"""The context variables and the proxies over them. They live in the engine; this module gives them Flask's names and
types.

It must not know what a context holds.
"""

from __future__ import annotations

import typing as t

from ferroflask._core import context_vars, make_proxies

if t.TYPE_CHECKING:
    from contextvars import ContextVar

    from .app import Flask
    from .ctx import AppContext, RequestContext, _AppCtxGlobals
    from .sessions import SessionMixin
    from .wrappers import Request

_no_app_msg = """\
Working outside of application context.

This typically means that you attempted to use functionality that needed
the current application. To solve this, set up an application context
with app.app_context(). See the documentation for more information.\
"""
_no_req_msg = """\
Working outside of request context.

This typically means that you attempted to use functionality that needed
an active HTTP request. Consult the documentation on testing for
information about how to avoid this problem.\
"""

_cv_app: ContextVar[AppContext]
_cv_request: ContextVar[RequestContext]
_cv_app, _cv_request = context_vars()

_proxies = make_proxies()
app_ctx: AppContext = _proxies["app_ctx"]
current_app: Flask = _proxies["current_app"]
g: _AppCtxGlobals = _proxies["g"]
request_ctx: RequestContext = _proxies["request_ctx"]
request: Request = _proxies["request"]
session: SessionMixin = _proxies["session"]


if not t.TYPE_CHECKING:
    from ._reexports import borrow

    borrow(__name__)
