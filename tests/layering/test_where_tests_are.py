"""Each folder of the engine and of the server says at the end of its paragraph where its tests are, and they are there.

Programs under tests/conformance/programs are run on both sides by test_programs_differential.py or the tutorials' rows.
"""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from .rust_source import PROJECT, SOURCES

FOLDERS = sorted([*SOURCES.glob("engine/*/mod.rs"), *SOURCES.glob("server/*/mod.rs")])


def files_named(text: str) -> list[str] | None:
    """Return the files of the last paragraph of a `mod.rs`, without which None."""
    paragraphs = re.split(r"^//!\n", "".join(re.findall(r"^//!.*\n", text, re.MULTILINE)), flags=re.MULTILINE)
    last = " ".join(line.removeprefix("//!").strip() for line in paragraphs[-1].splitlines())
    return re.findall(r"`([^`]+)`", last) if last.startswith("Tests: ") else None


@pytest.mark.parametrize("path", FOLDERS, ids=lambda path: path.parent.relative_to(SOURCES).as_posix())
def test_folder_says_where_its_tests_are(path: Path) -> None:
    named = files_named(path.read_text(encoding="utf-8"))
    assert named, f"end the paragraph of {path.relative_to(PROJECT)} with: //! Tests: `tests/…`, `tests/…`"
    assert [file for file in named if not (PROJECT / file).is_file()] == []


def test_files_of_the_last_paragraph() -> None:
    assert files_named("//! A.\n//!\n//! Tests: `a.py`,\n//! `b.py`\n\nmod c;\n") == ["a.py", "b.py"]
    assert files_named("//! A.\n//!\n//! Tests: `a.py`\n//!\n//! B.\n") is None
    assert files_named("//! A.\n") is None
