"""A package whose ``__init__`` takes names from submodules that few programs need: those are imported when
somebody asks.

Importing `werkzeug` brings its development server and its test client along, with much of Python's networking library
behind them. It must not know which package it is used for beyond the table `DEFERRED`.
"""

from __future__ import annotations

import importlib
import sys
import typing as t
from types import ModuleType

if t.TYPE_CHECKING:
    from collections.abc import Callable

#: Package -> the submodules that wait.
DEFERRED = {"werkzeug": ("serving", "test")}


class _Promise:
    """What `from .submodule import name` gives while the package runs."""

    __slots__ = ("name", "submodule")

    def __init__(self, submodule: str, name: str) -> None:
        self.submodule = submodule
        self.name = name


class _Promising(ModuleType):
    """Stands in for a submodule while its package runs."""

    def __getattr__(self, name: str) -> _Promise:
        if name.startswith("__"):
            raise AttributeError(name)
        return _Promise(self.__name__, name)


def run_lazily(package: ModuleType, run: Callable[[ModuleType], None]) -> None:
    """Let `run` execute a package of `DEFERRED` without the submodules that wait. If the package does more with their
    names than to pass them on, or they are loaded already, it is run as it is.
    """
    waiting = [f"{package.__name__}.{each}" for each in DEFERRED[package.__name__]]
    if any(name in sys.modules for name in waiting):
        run(package)
        return
    before = dict(vars(package))
    sys.modules.update({name: _Promising(name) for name in waiting})
    try:
        run(package)
        failed = False
    except Exception:
        failed = True
    finally:
        for name in waiting:
            sys.modules.pop(name, None)
    if failed:
        vars(package).clear()
        vars(package).update(before)
        run(package)
        return
    promises = {name: value for name, value in vars(package).items() if isinstance(value, _Promise)}
    for name in promises:
        delattr(package, name)
    _keep(package, promises)


def _keep(package: ModuleType, promises: dict[str, _Promise]) -> None:
    """Answer for the names that the package lacks until they are asked for, before its own `__getattr__`, and list
    them.
    """
    beside: Callable[[str], t.Any] | None = vars(package).get("__getattr__")
    beside_dir: Callable[[], list[str]] | None = vars(package).get("__dir__")
    submodules = DEFERRED[package.__name__]

    def package_getattr(name: str) -> t.Any:
        if name == "__all__":
            # What `import *` takes: every public name, those that wait as well.
            return [each for each in package_dir() if not each.startswith("_")]
        if name in submodules:
            return importlib.import_module(f"{package.__name__}.{name}")
        if name in promises:
            # Not kept: it may be the replacement that a test has put into the submodule for a while.
            return getattr(importlib.import_module(promises[name].submodule), promises[name].name)
        if beside is not None:
            return beside(name)
        raise AttributeError(f"module {package.__name__!r} has no attribute {name!r}", name=name, obj=package)

    def package_dir() -> list[str]:
        known = vars(package) if beside_dir is None else beside_dir()
        return sorted({*known, *promises, *submodules})

    package.__getattr__ = package_getattr  # type: ignore[method-assign]
    package.__dir__ = package_dir  # type: ignore[method-assign]
