"""`docs/legacy.md` says what is served and what is not: every row that is common names its tests, every other one its
tests or the reason for none.
"""

from __future__ import annotations

import re
import subprocess
import sys
import typing as t
from pathlib import Path

import pytest

HERE = Path(__file__).parent
PAGE = HERE.parents[1] / "docs" / "legacy.md"

#: How the page abbreviates the tests of the tables.
SHORT = {
    "names": "test_names.py::test_a_former_name_works_and_warns_once_at_the_line_that_asks",
    "members": "test_members.py::test_a_former_attribute_works_and_warns_once_at_the_line_that_asks",
    "keywords": "test_members.py::test_a_former_keyword_argument_works_and_warns",
}
TEST = re.compile(r"`((?:names|members|keywords)\[[^`]+\]|test_\w+\.py::[^`]+)`")


class Row(t.NamedTuple):
    what: str
    use: str
    here: str
    rest: str


def rows() -> list[Row]:
    cells = [line.strip("|").split(" | ") for line in PAGE.read_text("utf-8").splitlines() if line.startswith("| ")]
    return [Row(*(cell.strip() for cell in row)) for row in cells if row[1].strip() in ("VC", "C", "r")]


@pytest.fixture(scope="module")
def known() -> set[str]:
    """Every test of this folder, with and without its parameters."""
    command = [sys.executable, "-m", "pytest", "--collect-only", "-q", "-p", "no:cacheprovider", str(HERE)]
    done = subprocess.run(command, capture_output=True, text=True, check=True, cwd=HERE.parents[1])
    tests = {line.removeprefix("tests/legacy/") for line in done.stdout.splitlines() if "::" in line}
    return tests | {test.partition("[")[0] for test in tests}


def test_the_page_has_all_of_it() -> None:
    found = rows()
    assert len(found) > 100
    assert {row.here for row in found} == {"yes", "no", "era"}
    assert len({row.what for row in found}) == len(found)


@pytest.mark.parametrize("row", rows(), ids=lambda row: row.what[:40])
def test_a_row_has_its_test_or_a_reason(row: Row, known: set[str]) -> None:
    tests = TEST.findall(row.rest)
    if row.here == "no":
        assert row.use == "r", "what is common is served, be it by the switch of the era"
        assert len(TEST.sub("", row.rest).strip()) > 5
        return
    assert tests
    for test in tests:
        short, bracket, parameter = test.partition("[")
        assert SHORT.get(short, short) + bracket + parameter in known
