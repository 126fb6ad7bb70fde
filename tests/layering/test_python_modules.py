"""Every Python module of the package opens with its paragraph and is one concept long, and an `__init__.py` declares
and re-exports. Imports: see import-linter.
"""

from __future__ import annotations

import ast
from pathlib import Path

from .rust_source import PROJECT

PACKAGE = PROJECT / "python" / "ferroflask"
# Modules past 400 lines, each with the reason why it is one concept all the same.
_MANUAL = "Its docstrings are the manual."
LONG_MODULES: dict[str, str] = {
    "api/flask/app.py": _MANUAL,
    "api/flask/sansio/app.py": _MANUAL,
    "api/flask/sansio/blueprints.py": _MANUAL,
}
LONGEST = 400
# What an `__init__.py` may set or define, beside its paragraph and its imports.
DECLARED = {"__all__", "__doc__", "__getattr__", "__version__"}
# What some of them do besides, each with the reason.
BESIDES: dict[str, set[str]] = {
    # Importing ferroflask is how a program asks for our flask where no hook runs; too late is a warning.
    "__init__.py": {"try"},
    # PyInstaller looks the function up there.
    "freezing/__init__.py": {"hook_dirs"},
    # The package answers for `flask.cli` and for former names; what it mends and guards is complete only here.
    "api/flask/__init__.py": {"_submodule", "_mend()", "_attend()", "_arm_guards()"},
    # Flask defines them in this very module, and they say so.
    "api/flask/json/__init__.py": {"dump", "dumps", "jsonify", "load", "loads"},
}

MODULES = sorted(PACKAGE.rglob("*.py"))


def test_each_module_opens_with_its_paragraph() -> None:
    """What it is, and what it must not know."""
    without = [name(path) for path in MODULES if not ast.get_docstring(ast.parse(path.read_text(encoding="utf-8")))]
    assert without == []


def test_each_module_is_one_concept_long() -> None:
    lengths = {name(path): len(path.read_text(encoding="utf-8").splitlines()) for path in MODULES}
    long = {module: length for module, length in lengths.items() if length > LONGEST}
    assert {module: length for module, length in long.items() if module not in LONG_MODULES} == {}
    assert set(LONG_MODULES) - set(long) == set(), "take these off LONG_MODULES"


def test_a_package_declares_and_reexports() -> None:
    packages = [path for path in MODULES if path.name == "__init__.py"]
    found = {name(path): besides(ast.parse(path.read_text(encoding="utf-8")).body) for path in packages}
    assert {package: what for package, what in found.items() if what} == BESIDES


def besides(statements: list[ast.stmt]) -> set[str]:
    """Return what the statements do other than to declare and to import, by name or by kind."""
    found: set[str] = set()
    for statement in statements:
        match statement:
            case ast.Import() | ast.ImportFrom() | ast.Expr(ast.Constant(str())):
                pass
            case ast.If(orelse=[]) if ast.unparse(statement.test).endswith("TYPE_CHECKING"):
                found |= besides(statement.body)
            case ast.Assign(targets=[ast.Name(target)]) | ast.AnnAssign(target=ast.Name(target)):
                found.add(target)
            case ast.FunctionDef(function) | ast.AsyncFunctionDef(function) | ast.ClassDef(function):
                found.add(function)
            case ast.Expr(ast.Call(called)):
                found.add(f"{ast.unparse(called)}()")
            case _:
                found.add(type(statement).__name__.lower())
    return found - DECLARED


def name(path: Path) -> str:
    return path.relative_to(PACKAGE).as_posix()
