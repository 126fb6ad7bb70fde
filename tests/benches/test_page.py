"""Results keep what was measured, and page and chart show it."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from benches.http.chart import write_chart
from benches.http.page import page_text, write_page
from benches.http.results import GroupResult, Row, RowResult, Sample, load_results

RESULT = GroupResult(
    group="works",
    started="2026-01-02T03:04:05+00:00",
    rounds=2,
    seconds=1.0,
    machine={"CPU": "a processor", "cores": "2; server on 0, load on 1"},
    versions={"Flask": "3.1.3"},
    load=(0.1, 0.9),
    sides={"gunicorn": "gunicorn {app}", "granian": "granian {app}", "ferroflask": "ferroflask serve {app}"},
    ours="ferroflask",
    rows=[
        RowResult(
            Row("hello"),
            {
                "gunicorn": [Sample(250.0), Sample(240.0)],
                "granian": [Sample(100.0), Sample(1.0, "5 read errors")],
                "ferroflask": [Sample(12.0, details={"requests": 9.0}), Sample(10.0)],
            },
        ),
        RowResult(
            Row("upload", large=True), {"gunicorn": [Sample(None, "no answer")] * 2, "ferroflask": [Sample(400.0)]}
        ),
    ],
)


def test_a_result_is_read_as_it_was_written(tmp_path: Path) -> None:
    RESULT.write(tmp_path)
    assert load_results(tmp_path, ["connections", "works"]) == [RESULT]


def test_a_result_of_another_format_is_refused(tmp_path: Path) -> None:
    (tmp_path / "works.json").write_text('{"format": 0}', encoding="utf-8")
    with pytest.raises(ValueError, match="measure this group again"):
        load_results(tmp_path, ["works"])


def test_the_page_shows_figures_ratios_and_faults() -> None:
    page = page_text([RESULT])
    row = "| hello | CPU, µs | 240 (240–250) | 100 (100–100) **!** | 10.0 (10.0–12.0) | ×24.0 | ×10.0 |"
    assert row in page
    assert "| upload | CPU, µs | – **!** | – | 400 (400–400) | – | – |" in page
    assert page.count("- **!** upload (CPU) on gunicorn: no answer\n") == 1
    assert "load average of the machine 0.1 before, 0.9 after" in page
    assert "- CPU: a processor\n" in page


def test_machines_that_differ_are_told_apart() -> None:
    other = replace(RESULT, group="scaling", machine={"CPU": "another one"})
    page = page_text([RESULT, other])
    assert "works:\n\n- CPU: a processor\n" in page
    assert "scaling:\n\n- CPU: another one\n" in page
    assert page.count("- granian: `granian {app}`\n") == 1


def test_the_page_is_the_same_for_the_same_results(tmp_path: Path) -> None:
    first = write_page(tmp_path / "a", [RESULT], ["works.svg", "works.png"]).read_bytes()
    assert write_page(tmp_path / "b", [RESULT], ["works.svg", "works.png"]).read_bytes() == first
    assert b"](works.svg)" in first


def test_the_chart_is_the_same_for_the_same_results(tmp_path: Path) -> None:
    pytest.importorskip("matplotlib", reason="`make bench` installs matplotlib in its own environment")
    drawn = []
    for name in ("a", "b"):
        (tmp_path / name).mkdir()
        files = write_chart(tmp_path / name, RESULT)
        drawn.append([(tmp_path / name / file).read_bytes() for file in files])
    assert files == ["works.svg", "works.png"]
    assert drawn[0] == drawn[1]
