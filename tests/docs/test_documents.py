"""What the documents show is true: their Python runs, their links lead somewhere, the make targets and the files that
they name exist.
"""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest

PROJECT = Path(__file__).parents[2]
DOCUMENTS = [*sorted(PROJECT.glob("*.md")), *sorted((PROJECT / "docs").rglob("*.md"))]

# Where a path in a document may start.
ROOTS = (PROJECT, PROJECT / "src", PROJECT / "python" / "ferroflask")

each_document = pytest.mark.parametrize("path", DOCUMENTS, ids=lambda path: path.relative_to(PROJECT).as_posix())


@each_document
def test_python_runs(path: Path) -> None:
    for block in re.findall(r"^```python\n(.*?)^```", path.read_text(encoding="utf-8"), re.MULTILINE | re.DOTALL):
        done = subprocess.run([sys.executable, "-W", "error", "-c", block], capture_output=True, text=True, timeout=50)
        assert done.returncode == 0, f"{block}\n{done.stderr}"


@each_document
def test_links_lead_somewhere(path: Path) -> None:
    targets = re.findall(r"\]\((?!https?:|#)([^)#]+)", path.read_text(encoding="utf-8"))
    assert [target for target in targets if not (path.parent / target).exists()] == []


@each_document
def test_make_targets_exist(path: Path) -> None:
    targets = set(re.findall(r"^([a-z-]+):", (PROJECT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE))
    # Only in code: `make sense` is English.
    code = re.findall(r"```sh\n.*?```|`[^`\n]+`", path.read_text(encoding="utf-8"), re.DOTALL)
    named = {target for text in code for target in re.findall(r"\bmake ([a-z-]+)", text)}
    assert named - targets == set()


@each_document
def test_files_exist(path: Path) -> None:
    """Paths in code whose first folder is one of ours; `target` is made by the build."""
    named = set(re.findall(r"`((?!target/)\w+/[\w./]*)`", path.read_text(encoding="utf-8")))
    ours = {file for file in named if any((root / file.partition("/")[0]).is_dir() for root in ROOTS)}
    assert {file for file in ours if not any((root / file).exists() for root in ROOTS)} == set()
