"""The engine's rooms know each other in one direction, no files go round in a circle, and a `mod.rs` only declares."""

from __future__ import annotations

import re
from collections import Counter
from pathlib import Path

import pytest

from .rooms import ENGINE
from .rust_graph import Graph, Module
from .rust_source import SOURCES, RustFile, rust_files

GRAPH = Graph()
FILES = rust_files()
RANK = {room: number for number, room in enumerate(ENGINE)}

# What a `mod.rs` may hold, its comments and attributes taken out.
DECLARATION = re.compile(r"\s*(pub(\([a-z]+\))? )?(mod \w+|use [^;]+);")
# Names that two types may share: each is private to its file and what every such file calls it.
SHARED_NAMES: set[str] = set()


def arrows_back(graph: Graph) -> list[str]:
    """Give the arrows between the engine's rooms that point at a later one."""
    return sorted(
        f"{'/'.join(module)} -> {'/'.join(used)}"
        for module, targets in graph.arrows.items()
        for used in targets
        if module[0] == used[0] == "engine" and RANK[used[1]] > RANK[module[1]]
    )


def test_no_arrow_back_between_rooms() -> None:
    folders = {path.name for path in (SOURCES / "engine").iterdir() if list(path.rglob("*.rs"))}
    assert folders == set(ENGINE), "give each folder of src/engine its place in ENGINE"
    assert arrows_back(GRAPH) == []


def test_no_circle_between_files() -> None:
    assert GRAPH.circles() == []


def test_engine_has_no_file_beside_its_folders() -> None:
    assert [path.name for path in (SOURCES / "engine").iterdir() if path.is_file()] == ["mod.rs"]


def more_than_declared(code: str) -> str:
    """Give what is left of a `mod.rs` without its declarations."""
    code = re.sub(r"#!?\[(?:[^\[\]]|\[[^\]]*\])*\]", "", code)
    return DECLARATION.sub("", code).strip()


def test_folders_only_declare() -> None:
    assert {
        file.name: left for file in FILES if file.path.name == "mod.rs" and (left := more_than_declared(file.code))
    } == {}


def test_each_folder_is_of_one_style() -> None:
    """A folder `x` is declared by `x/mod.rs`, never by a file `x.rs` beside it."""
    assert [file.name for file in FILES if file.path.with_suffix("").is_dir()] == []


def test_no_lock_is_global_in_the_engine() -> None:
    """What lives as long as the process is behind the interpreter's lock (`GilCell`) or set once."""
    pattern = r"static \w+: *(Mutex|RwLock|parking_lot)"
    assert [place for file in FILES if file.layer == "engine" for place in file.places_of(pattern, file.code)] == []


def types_of(file: RustFile) -> list[str]:
    return re.findall(r"^(?:pub(?:\([a-z ]+\))? )?(?:struct|enum|trait|union) (\w+)", file.code, re.MULTILINE)


def test_a_type_name_means_one_thing() -> None:
    counted = Counter(name for file in FILES for name in types_of(file))
    assert {name: times for name, times in counted.items() if times > 1 and name not in SHARED_NAMES} == {}


# The checks are only as good as the graph: files by name, and what is found in them.
def graph_of(folder: Path, sources: dict[str, str]) -> Graph:
    files: dict[Module, RustFile] = {}
    for name, text in sources.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
        parts = Path(name).with_suffix("").parts
        files[parts[:-1] if parts[-1] in ("mod", "lib") else parts] = RustFile(path)
    return Graph(files)


def test_arrow_back_is_found(tmp_path: Path) -> None:
    sources = {
        "lib.rs": "mod engine;",
        "engine/mod.rs": "mod app; mod request;",
        "engine/app/mod.rs": "pub mod core;",
        "engine/app/core.rs": "use crate::engine::request;\nfn f() { request::make() }",
        "engine/request/mod.rs": "pub mod base;\npub use base::make;",
        "engine/request/base.rs": "pub fn make() {}",
    }
    assert arrows_back(graph_of(tmp_path, sources)) == ["engine/app/core -> engine/request/base"]


@pytest.mark.parametrize("spelled", ["super::b::B", "crate::x::b::{B, self}", "super::{b, c::C}"])
def test_circle_is_found(tmp_path: Path, spelled: str) -> None:
    sources = {
        "lib.rs": "mod x;",
        "x/mod.rs": "mod a;\nmod b;\nmod c;",
        "x/a.rs": f"use {spelled};",
        "x/b.rs": "use super::a::A;",
        "x/c.rs": "pub struct C;",
    }
    assert graph_of(tmp_path, sources).circles() == [["x/a", "x/b"]]


@pytest.mark.parametrize(
    ("code", "left"),
    [
        ("pub mod a;\nuse a::{b, c};\n#[cfg(test)]\nmod d;", ""),
        ("mod a;\nfn f() {}", "fn f() {}"),
        ("use a::b; const X: u8 = 1;", "const X: u8 = 1;"),
    ],
)
def test_more_than_declared(code: str, left: str) -> None:
    assert more_than_declared(code) == left
