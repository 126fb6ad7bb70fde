"""The numbers and files that docs/scheduling.md names are those of the scheduler."""

from __future__ import annotations

import re
from pathlib import Path

PROJECT = Path(__file__).parents[2]
SCHEDULER = PROJECT / "src" / "server" / "scheduler"
PAGE = (PROJECT / "docs" / "scheduling.md").read_text(encoding="utf-8")
UNITS = {"micros": "µs", "millis": "ms", "secs": "s"}


def constants(text: str) -> dict[str, str]:
    """Return the constants of a Rust source that are a number or a time, as the page writes them."""
    found = re.findall(r"^(?:pub )?const (\w+): \w+ = (?:Duration::from_(\w+)\()?([\d_]+)\)?;", text, re.MULTILINE)
    return {name: f"{number} {UNITS[unit]}" if unit else number for name, unit, number in found}


def test_numbers_are_those_of_the_code() -> None:
    named = re.findall(r"^\| `(\w+)::(\w+)` \| ([^|]+) \|", PAGE, re.MULTILINE)
    assert named
    for file, name, value in named:
        assert constants((SCHEDULER / f"{file}.rs").read_text(encoding="utf-8")).get(name) == value, f"{file}::{name}"


def test_every_file_is_on_the_page() -> None:
    rows = re.findall(r"^\| ((?:`\w+\.rs`(?:, )?)+) \|", PAGE, re.MULTILINE)
    named = {file for row in rows for file in re.findall(r"`(\w+\.rs)`", row)}
    assert named == {path.name for path in SCHEDULER.iterdir()} - {"mod.rs"}
