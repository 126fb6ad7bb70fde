"""docs/architecture.svg is what `make drawing` makes, and it shows every layer, room and package."""

from __future__ import annotations

import re
from pathlib import Path

from .drawing import BACK, DRAWING, Floor, draw, floors, uses
from .rooms import ENGINE, LAYERS, PURE, PURE_ABOUT, PYTHON, SERVER
from .rust_source import PROJECT, SOURCES
from .test_rust_rooms import GRAPH, graph_of


def test_drawing_is_up_to_date() -> None:
    assert DRAWING.read_text(encoding="utf-8") == draw(GRAPH), "run `make drawing` and commit docs/architecture.svg"


def test_floor_plan_is_complete() -> None:
    inside = {path.stem for path in (SOURCES / "server").iterdir()} - {"mod"}
    packages = {path.parent.name for path in (PROJECT / "python" / "ferroflask").glob("*/__init__.py")}
    assert set(PURE_ABOUT) == PURE
    assert set(SERVER) == inside, "give each folder and file of src/server its floor in SERVER"
    assert set(PYTHON) == packages, "give each package of python/ferroflask its card in PYTHON"
    assert {layer for row in LAYERS for layer in row} == PURE | {"engine", "server"}


def test_lowest_floor_comes_first() -> None:
    modules = [floor.module for floor in floors()]
    assert modules[0] == ("text",)
    assert [module[1] for module in modules if module[0] == "engine"] == list(ENGINE)


def test_an_arrow_up_is_red(tmp_path: Path) -> None:
    sources = {
        "engine/ffi/a.rs": "use crate::engine::app::b::B;",
        "engine/app/b.rs": "use crate::text::c::C;",
        "text/c.rs": "",
    }
    graph = graph_of(tmp_path, sources)
    plan = [Floor(("text",), ""), Floor(("engine", "ffi"), ""), Floor(("engine", "app"), "")]
    assert uses(plan, graph) == [(1, 2), (2, 0)]
    red = re.findall(rf'<circle [^>]*fill="{BACK}"><title>([^<]*)', draw(graph))
    assert red == ["engine/ffi uses engine/app"]
