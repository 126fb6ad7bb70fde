"""Comments name things by the field's words: those that words.py bans become fewer, folder by folder, and stay gone."""

from __future__ import annotations

import ast
import io
import re
import tokenize
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest

from .rust_source import PROJECT, rust_files
from .words import BANNED, LEFT

PACKAGE = PROJECT / "python" / "ferroflask"
# Pages that are written without them.
PAGES = [
    *(PROJECT / "docs" / "decisions").glob("*.md"),
    *(PROJECT / "docs" / name for name in ("architecture.md", "scheduling.md")),
]


def banned_in(text: str) -> list[str]:
    """Give the banned words of a text, names of code in backticks left out."""
    text = re.sub(r"`[^`\n]*`", "", text)
    return [match.group() for words in BANNED for match in re.finditer(rf"\b(?:{words})\b", text, re.IGNORECASE)]


def python_comments(text: str) -> Iterator[str]:
    """Give the comments and the docstrings of a module."""
    for token in tokenize.generate_tokens(io.StringIO(text).readline):
        if token.type == tokenize.COMMENT:
            yield token.string
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef):
            yield ast.get_docstring(node) or ""


def folder_of(path: Path, depth: int) -> str:
    """Give the folder below the sources that counts for a file."""
    return "/".join(path.parts[: min(depth, len(path.parts) - 1)])


def found() -> dict[str, list[str]]:
    """Give the banned words of each folder, as `file: word`."""
    places: dict[str, list[str]] = {}
    for file in rust_files():
        path = Path("src") / file.name
        places.setdefault(folder_of(path, 3), []).extend(f"{path}: {word}" for word in banned_in(file.comments))
    for source in [*PACKAGE.rglob("*.py"), *PACKAGE.rglob("*.pyi")]:
        path = source.relative_to(PROJECT)
        words = banned_in("\n".join(python_comments(source.read_text(encoding="utf-8"))))
        places.setdefault(folder_of(path, 3), []).extend(f"{path}: {word}" for word in words)
    return places


FOUND = found()


@pytest.mark.parametrize("folder", sorted(FOUND))
def test_banned_words_become_fewer(folder: str) -> None:
    most = LEFT.get(folder, 0)
    files = Counter(FOUND[folder])
    assert len(FOUND[folder]) <= most, f"words.py has plainer words for some of these: {dict(files)}"


def test_folders_with_words_left_are_there() -> None:
    assert {folder for folder in LEFT if not FOUND.get(folder)} == set(), "take these off LEFT: they are clean"


@pytest.mark.parametrize("path", PAGES, ids=lambda path: path.stem)
def test_pages_have_none(path: Path) -> None:
    assert banned_in(path.read_text(encoding="utf-8")) == []


def test_words_are_found() -> None:
    assert banned_in("Whoever asks is told, kept and goes the way of all others; untold basks, `held`.") == [
        "told",
        "asks",
        "kept",
        "Whoever",
        "goes the way of",
    ]
    assert list(python_comments('"""Doc."""\n# Said\nx = "no comment"\n\n\ndef f():\n    """F."""\n')) == [
        "# Said",
        "Doc.",
        "F.",
    ]
