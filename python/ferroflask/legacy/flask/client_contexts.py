"""Test clients in `with` blocks, as until Flask 2.1: the context that stays is the last request's, whichever client
sent it, so that blocks may be nested and left in any order.
"""

from __future__ import annotations

import threading
import typing as t
from contextlib import ExitStack

if t.TYPE_CHECKING:
    from flask import Flask
    from flask.testing import FlaskClient


class LastContexts(threading.local):
    """The contexts that a thread's last request left; takes the place of a client's own stack."""

    def __init__(self) -> None:
        self.stack = ExitStack()

    def enter_context(self, context: t.ContextManager[t.Any]) -> t.Any:
        """Push a context again, and remember it."""
        return self.stack.enter_context(context)

    def close(self) -> None:
        """Leave the contexts."""
        self.stack.close()


def share_contexts(app: Flask) -> None:
    """Give an application's test clients one place for the contexts they keep."""
    todays, shared = app.test_client, LastContexts()

    def test_client(*args: t.Any, **kwargs: t.Any) -> FlaskClient:
        client = todays(*args, **kwargs)
        client._context_stack = shared  # type: ignore[assignment]
        return client

    vars(app)["test_client"] = test_client
