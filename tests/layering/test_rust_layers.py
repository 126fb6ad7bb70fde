"""The folders of `src/` know each other in one direction only, and each file keeps the house rules."""

from __future__ import annotations

import re

import pytest

from .rooms import LAYERS, PURE
from .rust_source import PROJECT, SOURCES, RustFile, rust_files, without_comments_and_strings

RANK = {layer: number for number, row in enumerate(LAYERS) for layer in row}
# Where `unsafe` may be said: CPython's C API and the system's calls, each behind a safe function.
UNSAFE_FILES = re.compile(r"engine/ffi/\w+\.rs|server/ffi\.rs")
UNSAFE = r"\bunsafe\b(?!_)"
# Files past 400 lines, each with the reason why it is one concept all the same.
LONG_FILES: dict[str, str] = {}
LONGEST = 400

FILES = rust_files()


def layers_named(code: str) -> list[str]:
    """Return the top-level modules that `code` reaches, by `crate::name`, `crate::{name, …}` or a chain of `super`."""
    named = re.findall(r"\bcrate::(\w+)", code)
    named += re.findall(r"\bsuper::super::(?:super::)*(\w+)", code)
    for group in re.findall(r"\bcrate::\{((?:[^{}]|\{(?:[^{}]|\{[^{}]*\})*\})*)\}", code):
        flat = group
        while "{" in flat:
            flat = re.sub(r"\{[^{}]*\}", "", flat)
        named += re.findall(r"(?:^|,)\s*(\w+)", flat)
    return [name for name in named if name in RANK]


def test_no_arrow_back() -> None:
    unplaced = {file.layer for file in FILES if file.layer} - set(RANK)
    assert not unplaced, "give these folders a place in LAYERS"
    back = {file.name: arrows for file in FILES if file.layer and (arrows := arrows_back(file))}
    assert back == {}


def arrows_back(file: RustFile) -> set[str]:
    return {name for name in layers_named(file.code) if name != file.layer and RANK[name] >= RANK[file.layer]}


def test_pure_layers_do_not_know_python() -> None:
    pattern = r"\b(pyo3|PyResult|PyAny|PyErr)\b"
    places = [place for file in FILES if file.layer in PURE for place in file.places_of(pattern, file.code)]
    assert places == []


def test_unsafe_is_kept_in_its_files() -> None:
    places = [
        place for file in FILES if not UNSAFE_FILES.fullmatch(file.name) for place in file.places_of(UNSAFE, file.code)
    ]
    assert places == []


def test_clippy_denies_the_rest() -> None:
    """What needs more than a scanner is clippy's: each `unsafe` with its `// SAFETY:`, no `unwrap()` outside tests."""
    table = (PROJECT / "Cargo.toml").read_text(encoding="utf-8").partition("[lints.clippy]")[2]
    denied = set(re.findall(r'^(\w+) = "deny"', table, re.MULTILINE))
    assert {"unwrap_used", "undocumented_unsafe_blocks", "await_holding_lock", "dbg_macro", "todo"} - denied == set()


def test_the_gil_is_declared_as_used() -> None:
    """The cells of `ffi/gil_cell.rs` rely on it: else a free-threaded interpreter attaches several threads at once."""
    assert "#[pyo3::pymodule(gil_used = true)]" in (SOURCES / "lib.rs").read_text(encoding="utf-8")


def test_each_file_opens_with_its_paragraph() -> None:
    """What it is, and what it must not know."""
    assert [file.name for file in FILES if not file.text.startswith("//! ")] == []


def test_each_file_is_one_concept_long() -> None:
    lengths = {file.name: len(file.text.splitlines()) for file in FILES}
    long = {name: length for name, length in lengths.items() if length > LONGEST}
    assert {name: length for name, length in long.items() if name not in LONG_FILES} == {}
    assert set(LONG_FILES) - set(long) == set(), "take these off LONG_FILES"


# The checks are only as good as the scanner: (Rust, what is left of it).
SCANNED = {
    "line comment": ("a // unsafe\nb", "a          \nb"),
    "nested block comment": ("a /* x /* y */ z */ b", "a                   b"),
    "string with a quote": (r'f("\"unsafe") g', "f(          ) g"),
    "raw string": ('f(r#"a "unsafe" b"#) g', "f(                 ) g"),
    "char beside lifetime": ("fn f<'a>(x: &'a u8) { '\"' }", "fn f<'a>(x: &'a u8) {     }"),
}


@pytest.mark.parametrize("case", SCANNED)
def test_scanner(case: str) -> None:
    rust, left = SCANNED[case]
    assert without_comments_and_strings(rust) == left


@pytest.mark.parametrize(
    ("code", "layers"),
    [
        ("use crate::http::query;", ["http"]),
        ("use crate::{http::{a, b::{c}}, engine, other::x};", ["http", "engine"]),
        ("super::super::server::start()", ["server"]),
        ("use super::http;", []),
    ],
)
def test_layers_named(code: str, layers: list[str]) -> None:
    assert layers_named(code) == layers
