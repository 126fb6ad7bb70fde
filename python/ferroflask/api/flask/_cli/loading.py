"""From what the user wrote after `--app` to an application object: module path, import, search, factory call.

Knows modules and names. It must not know commands, options or the environment.
"""

from __future__ import annotations

import inspect
import os
import sys
import traceback
import typing as t
from contextvars import ContextVar
from types import ModuleType

import click

from ferroflask.app_reference import APP_NAMES, FACTORY_NAMES, make_importable, parse_reference

if t.TYPE_CHECKING:
    from ..app import Flask
    from .script import ScriptInfo

# The ScriptInfo whose `load_app` is running, for factories of the time when Flask passed it to them.
script_info_in_use: ContextVar[ScriptInfo | None] = ContextVar("flask.script_info_in_use", default=None)


class NoAppException(click.UsageError):
    """No application was found, or the one that was named can't be loaded.

    Args:
        message: what to try.
        ctx: Click's context, if there is one.
    """

    __module__ = "flask.cli"


def find_best_app(module: ModuleType) -> Flask:
    """Return the application that a module most likely means.

    A variable `app` or `application` wins, then the only Flask object there is, then what `create_app()` or
    `make_app()` returns.

    Args:
        module: the module object.

    Raises:
        NoAppException: that leaves none, or more than one.
    """
    from .. import Flask

    for known_name in APP_NAMES:
        named = getattr(module, known_name, None)
        if isinstance(named, Flask):
            return named

    apps = [value for value in vars(module).values() if isinstance(value, Flask)]
    if len(apps) > 1:
        raise NoAppException(
            f"Detected multiple Flask applications in module '{module.__name__}'."
            f" Use '{module.__name__}:name' to specify the correct one."
        )
    if apps:
        return apps[0]

    for known_name in FACTORY_NAMES:
        factory = getattr(module, known_name, None)
        if not inspect.isfunction(factory):
            continue
        made = _call_factory(
            factory,
            refusal=f"Detected factory '{known_name}' in module '{module.__name__}', but could not call it without"
            f" arguments. Use '{module.__name__}:{known_name}(args)' to specify arguments.",
        )
        if isinstance(made, Flask):
            return made

    raise NoAppException(
        f"Failed to find Flask application or factory in module '{module.__name__}'."
        f" Use '{module.__name__}:name' to specify one."
    )


def find_app_by_string(module: ModuleType, app_name: str) -> Flask:
    """Return the application that a text names in a module.

    Args:
        module: the module object.
        app_name: `name`, `factory` or `factory(1, key="x")`; arguments are literals only.

    Raises:
        NoAppException: the text is none of these, the name is missing, the call doesn't fit, or no application comes
            out.
    """
    from .. import Flask

    name, args, kwargs = _parse_reference(app_name)
    try:
        found = getattr(module, name)
    except AttributeError as error:
        raise NoAppException(f"Failed to find attribute {name!r} in {module.__name__!r}.") from error

    if inspect.isfunction(found):
        refusal = (
            f"The factory {app_name!r} in module {module.__name__!r} could not be called with the specified arguments."
        )
        found = _call_factory(found, *args, refusal=refusal, **kwargs)
    if not isinstance(found, Flask):
        raise NoAppException(f"A valid Flask application was not obtained from '{module.__name__}:{app_name}'.")
    return found


def prepare_import(path: str) -> str:
    """Make a file or folder importable and return the dotted name to import.

    The folder above the outermost package is put in front of `sys.path`.

    Args:
        path: the path; a dotted name passes through unchanged.
    """
    return make_importable(os.path.realpath(path), through_packages=True)


@t.overload
def locate_app(module_name: str, app_name: str | None, raise_if_not_found: t.Literal[True] = True) -> Flask: ...


@t.overload
def locate_app(module_name: str, app_name: str | None, raise_if_not_found: bool = ...) -> Flask | None: ...


def locate_app(module_name: str, app_name: str | None, raise_if_not_found: bool = True) -> Flask | None:
    """Import a module and return its application.

    Args:
        module_name: the dotted name of the module.
        app_name: the name of the application or a call of its factory, see `find_app_by_string`; None for the
            likeliest.
        raise_if_not_found: whether a module that doesn't exist is an error; else the result is None.

    Raises:
        NoAppException: there is none. An ImportError from inside the module is one too, with the traceback in its
            message.
    """
    from .. import cli as front

    try:
        __import__(module_name)
    except ImportError as error:
        if _raised_deeper(error):
            raise NoAppException(
                f"While importing {module_name!r}, an ImportError was raised:\n\n{traceback.format_exc()}"
            ) from None
        if not raise_if_not_found:
            return None
        raise NoAppException(f"Could not import {module_name!r}.") from None

    module = sys.modules[module_name]
    return front.find_best_app(module) if app_name is None else front.find_app_by_string(module, app_name)


def _raised_deeper(error: BaseException) -> bool:
    """True if `error` crossed a frame below the one that caught it, that is, if some imported code had begun to run."""
    return error.__traceback__ is not None and error.__traceback__.tb_next is not None


def _parse_reference(text: str) -> tuple[str, list[t.Any], dict[str, t.Any]]:
    """Split `name` or `name(literals)` into name, positional and keyword arguments."""
    try:
        reference = parse_reference(text)
    except SyntaxError:
        reference = None
    if reference is None or (reference.call is None and len(reference.names) != 1):
        raise NoAppException(f"Failed to parse {text!r} as an attribute name or function call.")
    if len(reference.names) != 1:
        raise NoAppException(f"Function reference must be a simple name: {text!r}.")

    try:
        positional, keywords = reference.arguments()
    except ValueError:
        # literal_eval's own message speaks of AST nodes, which means nothing to a shell user.
        raise NoAppException(f"Failed to parse arguments as literal values: {text!r}.") from None
    return reference.names[0], positional, keywords


def _call_factory(factory: t.Callable[..., t.Any], *args: t.Any, refusal: str, **kwargs: t.Any) -> t.Any:
    """Call `factory`; a TypeError about the call itself becomes `NoAppException(refusal)`, one from its body passes
    through.
    """
    from ferroflask.legacy.flask.environment import wants_script_info

    info = script_info_in_use.get()
    if info is not None and wants_script_info(factory, given=kwargs):
        kwargs["script_info"] = info
    try:
        return factory(*args, **kwargs)
    except TypeError as error:
        if _called_with_wrong_args(factory):
            raise NoAppException(refusal) from error
        raise


def _called_with_wrong_args(f: t.Callable[..., t.Any]) -> bool:
    """True if the exception being handled came from calling `f` in a wrong way, not from the code inside it."""
    steps = traceback.walk_tb(sys.exc_info()[2])
    return all(frame.f_code is not f.__code__ for frame, _ in steps)
