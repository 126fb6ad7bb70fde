"""Habits of old Flask versions at start-up: the FLASK_ENV variable, and app factories that take the script info.

Each function says whether the habit is in use and warns with the name of today's way. Nothing here imports `flask`.
"""

from __future__ import annotations

import inspect
import os
import typing as t

from ..machinery.registry import enabled, is_tolerated


def legacy_env_debug() -> bool:
    """True if FLASK_ENV switches debug mode on and FLASK_DEBUG says nothing: Flask 1.0 to 2.2 turned debug on then.

    Warns with DeprecationWarning, at the user's line, when it answers True.
    """
    if os.environ.get("FLASK_DEBUG") or os.environ.get("FLASK_ENV") != "development" or not enabled():
        return False
    return is_tolerated(
        "FLASK_ENV=development turned debug mode on. Flask dropped FLASK_ENV: set FLASK_DEBUG=1, or pass '--debug'."
    )


def wants_script_info(factory: t.Callable[..., t.Any], given: t.Collection[str] = ()) -> bool:
    """True if `factory` can't be called without a parameter named `script_info`, which Flask passed until 2.0.

    `given` names the keyword arguments that the caller passes already. Warns with DeprecationWarning when it answers
    True.
    """
    if not enabled():
        return False
    try:
        parameter = inspect.signature(factory).parameters.get("script_info")
    except (TypeError, ValueError):
        return False
    if parameter is None or parameter.default is not inspect.Parameter.empty or "script_info" in given:
        return False
    if parameter.kind is inspect.Parameter.POSITIONAL_ONLY:
        return False
    return is_tolerated(
        "An app factory's 'script_info' argument is no longer part of Flask: use"
        " 'click.get_current_context().obj' inside the factory."
    )
