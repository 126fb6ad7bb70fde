"""The application's logger: its name, level and default handler. It must not know how a request is handled."""

from __future__ import annotations

import logging
import sys
from typing import TYPE_CHECKING, TextIO, cast

from werkzeug.local import LocalProxy

from .globals import request

if TYPE_CHECKING:
    from .sansio.app import App


def _error_stream() -> TextIO:
    """During a request the server's error stream (`wsgi.errors`), else `sys.stderr` as it is at this moment."""
    if not request:
        return sys.stderr
    return cast(TextIO, request.environ["wsgi.errors"])


# A stream for `logging.StreamHandler` that resolves on each write. In a logging configuration file it is called
# `ext://flask.logging.wsgi_errors_stream`.
wsgi_errors_stream: TextIO = LocalProxy(_error_stream)  # type: ignore[assignment]

# Added to the logger of an application for which nobody configured logging.
default_handler = logging.StreamHandler(wsgi_errors_stream)
default_handler.setFormatter(logging.Formatter("[%(asctime)s] %(levelname)s in %(module)s: %(message)s"))


def has_level_handler(logger: logging.Logger) -> bool:
    """Return whether a record at a logger's effective level meets a handler, its own or one that it propagates to.

    Args:
        logger: the logger.
    """
    level = logger.getEffectiveLevel()
    link: logging.Logger | None = logger
    while link is not None:
        if any(handler.level <= level for handler in link.handlers):
            return True
        link = link.parent if link.propagate else None
    return False


def create_logger(app: App) -> logging.Logger:
    """Return the logger that is named like an application.

    It is given the level DEBUG in debug mode if it has none, and `default_handler` if no handler would see its records.

    Args:
        app: the application.
    """
    logger = logging.getLogger(app.name)
    if logger.level == logging.NOTSET and app.debug:
        logger.setLevel(logging.DEBUG)
    if not has_level_handler(logger):
        logger.addHandler(default_handler)
    return logger


if not TYPE_CHECKING:
    from ._reexports import borrow

    borrow(__name__)
