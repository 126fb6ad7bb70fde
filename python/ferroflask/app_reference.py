"""The text that names an application on a command line, ``module:name`` or ``file.py:factory(1, key="x")``: takes it
apart and makes the module importable.

Must not know what an application is, or in which words a command refuses a text.
"""

from __future__ import annotations

import ast
import os
import re
import sys
import typing as t

#: Looked for when only a module is named; the last two are called.
APP_NAMES = ("app", "application")
FACTORY_NAMES = ("create_app", "make_app")

# The colon before an app's name, not the one of a Windows drive.
_NAME_SEPARATOR = re.compile(r":(?![\\/])")


class Reference(t.NamedTuple):
    """A dotted name, empty if the text has none, and the call of it if it is one."""

    names: tuple[str, ...]
    call: ast.Call | None

    def arguments(self) -> tuple[list[t.Any], dict[str, t.Any]]:
        """The positional and keyword arguments of the call. Raises ValueError if one is no literal."""
        if self.call is None:
            return [], {}
        positional = [ast.literal_eval(argument) for argument in self.call.args]
        keywords = {word.arg: ast.literal_eval(word.value) for word in self.call.keywords if word.arg is not None}
        return positional, keywords


def split_name(text: str) -> tuple[str, str | None]:
    """Split ``module:name`` into the module and the name, which is None without a colon."""
    path, *name = _NAME_SEPARATOR.split(text, maxsplit=1)
    return path, name[0] if name else None


def parse_reference(text: str) -> Reference:
    """Parse what stands behind the colon. Raises SyntaxError for a text that is no expression."""
    node = ast.parse(text.strip(), mode="eval").body
    call = node if isinstance(node, ast.Call) else None
    return Reference(_dotted(node if call is None else call.func), call)


def _dotted(node: ast.expr) -> tuple[str, ...]:
    if isinstance(node, ast.Attribute) and (owner := _dotted(node.value)):
        return (*owner, node.attr)
    return (node.id,) if isinstance(node, ast.Name) else ()


def make_importable(path: str, *, through_packages: bool) -> str:
    """Put the folder of a file, folder or module at the front of `sys.path` and return the dotted name to import.

    With `through_packages` it is the folder above the outermost package. A dotted name passes through unchanged.
    """
    target = os.path.abspath(path)
    stem, suffix = os.path.splitext(target)
    folder, dotted = os.path.split(stem if suffix == ".py" else target)
    if dotted == "__init__":
        folder, dotted = os.path.split(folder)
    while through_packages and os.path.exists(os.path.join(folder, "__init__.py")):
        folder, package = os.path.split(folder)
        dotted = f"{package}.{dotted}"
    if sys.path[:1] != [folder]:
        sys.path.insert(0, folder)
    return dotted
