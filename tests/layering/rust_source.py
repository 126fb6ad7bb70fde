"""Reads Rust sources as far as the layering checks need it: code without comments and strings, and the comments.

A small scanner, no parser. It must not know what is checked.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

PROJECT = Path(__file__).parents[2]
SOURCES = PROJECT / "src"

# In the order in which a scanner has to try them; a lifetime ('a) is no character literal.
TOKEN = re.compile(
    r"""
    (?P<line>//[^\n]*)
  | (?P<block>/\*)
  | (?P<raw>b?r(?P<hashes>\#*)".*?"(?P=hashes))
  | (?P<string>b?"(?:\\.|[^"\\])*")
  | (?P<char>b?'(?:\\(?:u\{[^}]*\}|x..|.)|[^'\\\n])')
    """,
    re.VERBOSE | re.DOTALL,
)


def without_comments_and_strings(text: str) -> str:
    """Blank comments and literals out; what is left stands on the line where it stood."""
    code: list[str] = []
    place = 0
    for start, end, _ in tokens(text):
        code += [text[place:start], re.sub(r"[^\n]", " ", text[start:end])]
        place = end
    return "".join([*code, text[place:]])


def tokens(text: str) -> Iterator[tuple[int, int, bool]]:
    """Give where each comment and literal begins and ends, and whether it is a comment."""
    place = 0
    while match := TOKEN.search(text, place):
        place = end_of_block_comment(text, match.start()) if match["block"] else match.end()
        yield match.start(), place, bool(match["line"] or match["block"])


def end_of_block_comment(text: str, start: int) -> int:
    """Block comments nest in Rust."""
    depth = 0
    for mark in re.compile(r"/\*|\*/").finditer(text, start):
        depth += 1 if mark.group() == "/*" else -1
        if depth == 0:
            return mark.end()
    return len(text)


@dataclass(frozen=True)
class RustFile:
    """One file of `src/`."""

    path: Path

    @cached_property
    def text(self) -> str:
        return self.path.read_text(encoding="utf-8")

    @cached_property
    def code(self) -> str:
        return without_comments_and_strings(self.text)

    @cached_property
    def comments(self) -> str:
        return "\n".join(self.text[start:end] for start, end, is_comment in tokens(self.text) if is_comment)

    @property
    def name(self) -> str:
        """Its path in `src/`, with slashes."""
        return self.path.relative_to(SOURCES).as_posix()

    @property
    def layer(self) -> str:
        """The folder it lies in, such as `http`; empty for `lib.rs`."""
        return self.name.partition("/")[0] if "/" in self.name else ""

    def places_of(self, pattern: str, code: str) -> list[str]:
        """Return the places, as `file:line`, where `pattern` stands in `code` (one of this file's views)."""
        return [f"{self.name}:{code.count(chr(10), 0, match.start()) + 1}" for match in re.finditer(pattern, code)]


def rust_files() -> list[RustFile]:
    return [RustFile(path) for path in sorted(SOURCES.rglob("*.rs"))]
