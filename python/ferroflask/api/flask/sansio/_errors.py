"""Which handler belongs to an exception: the keys handlers are stored under, and the search among them."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from werkzeug.exceptions import HTTPException, default_exceptions

from ..typing import AppOrBlueprintKey, ErrorHandlerCallable
from ._types import ErrorHandlerSpec


def class_and_code(class_or_code: type[Exception] | int) -> tuple[type[Exception], int | None]:
    """Return (exception class, status code); the code is None for classes that are not HTTP errors.

    ValueError for a status code without a class and for a class that is no Exception, TypeError for an instance.
    """
    if isinstance(class_or_code, int):
        known = default_exceptions.get(class_or_code)
        if known is None:
            raise ValueError(
                f"'{class_or_code}' is not a recognized HTTP error code."
                " Use a subclass of HTTPException with that code instead."
            )
        return known, known.code

    remedy = "Handlers can only be registered for Exception classes or HTTP error codes."
    given: Any = class_or_code
    if isinstance(given, Exception):
        raise TypeError(f"{given!r} is an instance, not a class. {remedy}")
    if not issubclass(given, Exception):
        raise ValueError(f"'{given.__name__}' is not a subclass of Exception. {remedy}")
    return class_or_code, given.code if issubclass(given, HTTPException) else None


def find_handler(
    spec: ErrorHandlerSpec, blueprints: Iterable[str], exc_class: type[Exception], code: int | None
) -> ErrorHandlerCallable | None:
    """Return the handler that fits best, or None.

    Handlers for a status code go before handlers for a class alone; then the innermost blueprint before the outer ones
    and the application; then the nearest class in the exception's ancestry.
    """
    scopes: tuple[AppOrBlueprintKey, ...] = (*blueprints, None)
    ancestry = exc_class.__mro__
    for key in (None,) if code is None else (code, None):
        for scope in scopes:
            # `get`: a look-up must not leave entries behind in a dict that makes its values.
            handlers = spec.get(scope, {}).get(key)
            if not handlers:
                continue
            for cls in ancestry:
                if (handler := handlers.get(cls)) is not None:
                    return handler
    return None
