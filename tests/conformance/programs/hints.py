"""Prints the public functions and methods of `flask`, one a line, and whether their type hints can be evaluated."""

import importlib
import inspect
import typing

MODULES = """
    flask flask.app flask.blueprints flask.config flask.ctx flask.globals flask.helpers flask.json flask.json.provider
    flask.json.tag flask.logging flask.sessions flask.templating flask.testing flask.views flask.wrappers
"""


def functions(owner):
    """Find the functions of a class: methods, and those behind properties and class methods."""
    for name in sorted(dir(owner)):
        if name.startswith("_") and name not in ("__init__", "__call__"):
            continue
        found = inspect.getattr_static(owner, name)
        for behind in ("fget", "__func__"):
            found = getattr(found, behind, found)
        if inspect.isroutine(found):
            yield name, found


def evaluates(function):
    try:
        typing.get_type_hints(function)
    except Exception:
        return False
    return True


for name in MODULES.split():
    module = importlib.import_module(name)
    for each in sorted(vars(module)):
        value = getattr(module, each)
        if each.startswith("_") or not getattr(value, "__module__", "").startswith("flask"):
            continue
        found = functions(value) if inspect.isclass(value) else [("", value)]
        for method, function in found:
            print(f"{name}.{each}.{method}".rstrip("."), evaluates(function))
