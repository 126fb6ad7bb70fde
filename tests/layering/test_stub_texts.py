"""The stub of the Rust module says what the Rust says: one text, in both, for the classes that users meet."""

from __future__ import annotations

import ast
import inspect
from collections.abc import Iterator
from typing import Any

from ferroflask import _core

from .rust_source import PROJECT

STUB = PROJECT / "python" / "ferroflask" / "_core.pyi"


def user_classes() -> list[ast.ClassDef]:
    """Return the classes that something of `flask` inherits from: the others are final."""
    tree = ast.parse(STUB.read_text(encoding="utf-8"))
    classes = [node for node in tree.body if isinstance(node, ast.ClassDef)]
    return [
        each for each in classes if not {"final", "type_check_only"} & {ast.unparse(d) for d in each.decorator_list}
    ]


def texts() -> Iterator[tuple[str, str, Any]]:
    """Yield name, the stub's text and the object of each class, method and property."""
    for cls in user_classes():
        native = getattr(_core, cls.name)
        yield cls.name, ast.get_docstring(cls) or "", native
        members = [node for node in cls.body if isinstance(node, ast.FunctionDef)]
        # Of overloads the last one has the text.
        for name, text in {member.name: ast.get_docstring(member) or "" for member in members}.items():
            yield f"{cls.name}.{name}", text, vars(native)[name]


def is_named_by_python(native: Any) -> bool:
    """Whether Python itself says what it is, as it does of all slots: `__init__`, `__call__`."""
    return inspect.isbuiltin(native) or type(native).__name__ == "wrapper_descriptor"


def test_the_classes_are_found() -> None:
    assert {"AppCore", "AppContext", "RequestContext", "RequestBase"} <= {cls.name for cls in user_classes()}


def test_stub_and_rust_have_the_same_text() -> None:
    """To mend it, copy the stub's text to the `///` lines of the pymethod or pyclass."""
    pairs = {
        name: (text, inspect.getdoc(native) or "") for name, text, native in texts() if not is_named_by_python(native)
    }
    assert {name: pair for name, pair in pairs.items() if pair[0].strip() != pair[1].strip()} == {}


def test_what_users_call_has_a_text() -> None:
    public = {name: text for name, text, _ in texts() if not name.rpartition(".")[2].startswith("_")}
    assert [name for name, text in public.items() if not text] == []
