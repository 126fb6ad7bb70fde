"""From ``MODULE:APP`` on the command line to the application object. Must not know how it will be served."""

from __future__ import annotations

import importlib
import inspect
import sys
import typing as t

from ..app_reference import APP_NAMES, FACTORY_NAMES, make_importable, parse_reference, split_name

if t.TYPE_CHECKING:
    from types import ModuleType

    from _typeshed.wsgi import WSGIApplication


class AppNotFound(Exception):
    """The application can't be had; the message says why and what to write instead."""


def load_app(spec: str) -> WSGIApplication:
    """Import what `spec` names: ``module``, ``module:name``, ``module:factory()`` or ``folder/file.py:name``.

    A function that takes no arguments is a factory with or without the parentheses: no WSGI application can do without.
    The current folder is put on the import path. Exceptions of the imported code are not caught.

    :raises AppNotFound: there is no such module or name, or it is not callable.
    """
    path, expression = split_name(spec)
    module = _import_module(path)
    found = _evaluate(module, expression) if expression else _default_app(module)
    if inspect.isfunction(found):
        found = _app_or_factory(found, spec)
    if not callable(found):
        raise AppNotFound(f"{spec!r} is {type(found).__name__!r}, not a WSGI application. Name the application object.")
    return t.cast("WSGIApplication", found)


def _import_module(path: str) -> ModuleType:
    # As WSGI servers do, and not as the flask command: a package that the folder may be itself does not count.
    name = make_importable(path, through_packages=False)
    folder = sys.path[0]
    try:
        return importlib.import_module(name)
    except ModuleNotFoundError as error:
        # A module that the application itself misses is the application's error.
        if error.name is None or not (name == error.name or name.startswith(f"{error.name}.")):
            raise
        raise AppNotFound(f"There is no module {name!r} in {folder!r} or on the import path.") from None


def _default_app(module: ModuleType) -> object:
    for name in APP_NAMES:
        if hasattr(module, name):
            return getattr(module, name)
    for name in FACTORY_NAMES:
        if callable(factory := getattr(module, name, None)):
            return factory if inspect.isfunction(factory) else factory()
    names = ", ".join(APP_NAMES + FACTORY_NAMES)
    name = module.__name__
    raise AppNotFound(f"Module {name!r} has none of {names}. Write '{name}:NAME' to name its application.")


def _app_or_factory(function: t.Callable[..., object], spec: str) -> object:
    """Return a function that is a WSGI application, and what a factory returns."""
    try:
        signature = inspect.signature(function)
    except ValueError:
        return function
    takes_any = any(parameter.kind is parameter.VAR_POSITIONAL for parameter in signature.parameters.values())
    if _fits(signature) and not (takes_any and function.__name__ not in FACTORY_NAMES):
        return function()
    if not _fits(signature, None, None):
        path, expression = split_name(spec)
        name = (expression or "").partition("(")[0] or function.__name__
        raise AppNotFound(f"{name!r} needs arguments to make an application. Write '{path}:{name}(...)' with them.")
    return function


def _fits(signature: inspect.Signature, *arguments: object) -> bool:
    try:
        signature.bind(*arguments)
    except TypeError:
        return False
    return True


def _evaluate(module: ModuleType, expression: str) -> object:
    """Follow a dotted name, and call what it leads to if the expression is a call with literal arguments."""
    try:
        reference = parse_reference(expression)
    except SyntaxError:
        raise AppNotFound(f"{expression!r} is neither a name nor a call.") from None
    if not reference.names:
        raise AppNotFound(f"{expression!r} is neither a name nor a call of one.")
    found: t.Any = module
    for depth, name in enumerate(reference.names, 1):
        try:
            found = getattr(found, name)
        except AttributeError:
            missing = ".".join(reference.names[:depth])
            raise AppNotFound(f"Module {module.__name__!r} has no attribute {missing!r}.") from None
    if reference.call is None:
        return found
    if not callable(found):
        raise AppNotFound(f"{'.'.join(reference.names)!r} in module {module.__name__!r} can't be called.")
    try:
        positional, keywords = reference.arguments()
    except ValueError:
        raise AppNotFound(f"Arguments in {expression!r} must be literals: strings, numbers, True, None...") from None
    return found(*positional, **keywords)
