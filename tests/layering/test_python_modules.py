"""Every Python module of the package opens with its paragraph and is one concept long. Imports: see import-linter."""

from __future__ import annotations

import ast
from pathlib import Path

from .rust_source import PROJECT

PACKAGE = PROJECT / "python" / "ferroflask"
# Modules past 400 lines, each with the reason why it is one concept all the same.
LONG_MODULES: dict[str, str] = {}
LONGEST = 400

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


def name(path: Path) -> str:
    return path.relative_to(PACKAGE).as_posix()
