"""Each page under docs/decisions is a record of one form, and the index names them all."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

DECISIONS = Path(__file__).parents[2] / "docs" / "decisions"
INDEX = DECISIONS / "README.md"
RECORDS = [path for path in sorted(DECISIONS.glob("*.md")) if path != INDEX]
PARTS = ["Context", "Decision", "Figures", "Price"]


@pytest.mark.parametrize("path", RECORDS, ids=lambda path: path.stem)
def test_record_has_its_parts(path: Path) -> None:
    """A title and the decision in a sentence come first, no part is empty."""
    opening, *parts = re.split(r"^## ", path.read_text(encoding="utf-8"), flags=re.MULTILINE)
    assert re.fullmatch(r"# [^\n]+\n\n\S.*\n\n", opening, re.DOTALL)
    assert [part.partition("\n")[0] for part in parts] == PARTS
    assert [part for part in parts if not part.partition("\n")[2].strip()] == []


def test_index_names_every_record_once() -> None:
    named = re.findall(r"^- \[([a-z0-9-]+)\]\(\1\.md\): ", INDEX.read_text(encoding="utf-8"), re.MULTILINE)
    assert sorted(named) == [path.stem for path in RECORDS]
