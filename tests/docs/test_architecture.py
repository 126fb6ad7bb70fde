"""The page for newcomers has the engine's rooms in the order of the floor plan, and every step of the lifecycle."""

from __future__ import annotations

import re
from pathlib import Path

from ..layering.rooms import ENGINE

PROJECT = Path(__file__).parents[2]
PAGE = (PROJECT / "docs" / "architecture.md").read_text(encoding="utf-8")


def test_rooms_are_in_their_order() -> None:
    assert re.findall(r"^\| `(\w+)` \| [^|]+ \| `engine/\1/\w+\.rs` \|$", PAGE, re.MULTILINE) == list(ENGINE)


def test_every_file_of_the_lifecycle_is_a_step() -> None:
    files = {path.name for path in (PROJECT / "src" / "engine" / "lifecycle").iterdir()} - {"mod.rs"}
    assert files - set(re.findall(r"`engine/lifecycle/(\w+\.rs)`", PAGE)) == set()
