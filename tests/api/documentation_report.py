"""What `help()` shows of the public names of `flask`, as JSON: a program that runs once on stock and once on ours.

Without an argument it finds the names by itself; given the name of a file with a report, it looks at the names of that.
It must not judge: `test_documentation` compares.
"""

from __future__ import annotations

import importlib
import inspect
import json
import sys
from pathlib import Path
from typing import Any

MODULES = (
    *("flask.app", "flask.blueprints", "flask.cli", "flask.config", "flask.ctx", "flask.debughelpers", "flask.globals"),
    *("flask.helpers", "flask.json", "flask.json.provider", "flask.json.tag", "flask.logging", "flask.sessions"),
    *("flask.sansio.app", "flask.sansio.blueprints", "flask.sansio.scaffold", "flask.signals", "flask.templating"),
    *("flask.testing", "flask.views", "flask.wrappers"),
)


def public_names() -> list[str]:
    """Return `module:function`, `module:Class` and `module:Class.member` for all that Flask defines or inherits."""
    found = []
    for module in MODULES:
        for name, value in vars(importlib.import_module(module)).items():
            is_defined_here = getattr(value, "__module__", None) == module and hasattr(value, "__qualname__")
            if name.startswith("_") or not is_defined_here:
                continue
            found.append(f"{module}:{name}")
            if inspect.isclass(value):
                found += [f"{module}:{name}.{member}" for member in dir(value) if is_member(value, member)]
    return found


def is_member(cls: type, name: str) -> bool:
    """Whether a class has a public method, property or other descriptor of that name."""
    return not name.startswith("_") and hasattr(inspect.getattr_static(cls, name), "__get__")


def described(name: str) -> dict[str, Any] | None:
    """Return text, defining module and parameters of a name; None when there is none of that name."""
    module, _, path = name.partition(":")
    value: Any = importlib.import_module(module)
    owner: Any = None
    for part in path.split("."):
        owner = value
        if (value := getattr(owner, part, None)) is None:
            return None
    member = path.rpartition(".")[2]
    home = value.__module__ if inspect.isclass(value) else defining_module(owner, member)
    text = inspect.getdoc(value) or ""
    if inspect.isclass(value):
        # `help` shows both.
        text += f"\n{inspect.getdoc(value.__init__)}" if text else ""  # type: ignore[misc]
    is_native = inspect.ismethoddescriptor(value) or inspect.isbuiltin(value)
    return {"text": text, "home": home, "parameters": parameters(value), "is native": is_native}


def defining_module(owner: Any, member: str) -> str:
    """Return the module of the class that defines a member, or the one that a function says it is of."""
    if inspect.isclass(owner):
        return next((base.__module__ for base in owner.__mro__ if member in vars(base)), "")
    return str(getattr(getattr(owner, member), "__module__", ""))


def parameters(value: Any) -> dict[str, str] | None:
    """Return the parameters with their defaults; None where there is no signature."""
    try:
        signature = inspect.signature(value) if callable(value) else None
    except (TypeError, ValueError):
        signature = None
    if signature is None:
        return None
    return {each.name: default(each.default) for each in signature.parameters.values() if each.name != "self"}


def default(value: Any) -> str:
    """Return a default's text; a bare object stands for an argument that is left out, as `...` does in a stub."""
    return "..." if value is ... or type(value) is object else repr(value)


if __name__ == "__main__":
    names = json.loads(Path(sys.argv[1]).read_text(encoding="utf-8")) if sys.argv[1:] else public_names()
    print(json.dumps({name: described(name) for name in names}))
