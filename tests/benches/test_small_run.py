"""One small run of the command leaves figures and a page. How fast anything was is not looked at."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

PROJECT = Path(__file__).parents[2]


def bench(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    # The command asks for the flask of each side itself.
    environment = {name: value for name, value in os.environ.items() if name != "FERROFLASK"}
    command = [sys.executable, "-m", "benches.http", "--out", str(folder), "--rounds", "1", *arguments]
    return subprocess.run(command, cwd=PROJECT, env=environment, capture_output=True, text=True, timeout=50)


@pytest.mark.skipif(shutil.which("taskset") is None, reason="needs taskset (util-linux)")
def test_the_client_on_both_sides(tmp_path: Path) -> None:
    done = bench(tmp_path, "client", "--seconds", "0.01", "--row", "get", "--row", "import flask")
    assert done.returncode == 0, done.stdout + done.stderr
    rows = json.loads((tmp_path / "client.json").read_text(encoding="utf-8"))["rows"]
    assert [row["row"]["name"] for row in rows] == ["get", "import flask"]
    assert all(samples[0]["value"] > 0 for row in rows for samples in row["samples"].values())
    page = (tmp_path / "README.md").read_text(encoding="utf-8")
    assert "| get | CPU, µs |" in page


@pytest.mark.skipif(not (shutil.which("wrk") and shutil.which("taskset")), reason="needs wrk: `make bench-deps`")
def test_one_row_on_our_server(tmp_path: Path) -> None:
    done = bench(tmp_path, "works", "--server", "ferroflask", "--row", "hello", "--row", "not found")
    assert done.returncode == 0, done.stdout + done.stderr
    rows = json.loads((tmp_path / "works.json").read_text(encoding="utf-8"))["rows"]
    assert [(row["row"]["name"], row["samples"]["ferroflask"][0]["fault"]) for row in rows] == [
        ("hello", ""),
        ("not found", ""),
    ]
    assert "| hello | CPU, µs |" in (tmp_path / "README.md").read_text(encoding="utf-8")


def test_what_is_not_there_is_said(tmp_path: Path) -> None:
    assert bench(tmp_path, "client", "--row", "no such row").stderr == "bench: no row is called no such row\n"
    assert "no server 'apache'" in bench(tmp_path, "works", "--server", "apache").stderr
    assert list(tmp_path.iterdir()) == []
