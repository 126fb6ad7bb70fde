"""What a run found, as it is kept in JSON: rows, and per side one sample for each round. Knows no way of measuring."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from .figures import Figure, figure_of

__all__ = ["GroupResult", "Row", "RowResult", "Sample", "load_results"]

FORMAT = 1


@dataclass(frozen=True)
class Row:
    """What is measured: a line of the table.

    `unit` is what the values are in, such as `µs` or `1/s`; `large` marks work of another order of magnitude, which the
    chart draws on a scale of its own.
    """

    name: str
    metric: str = "CPU"
    unit: str = "µs"
    less_is_better: bool = True
    large: bool = False


@dataclass(frozen=True)
class Sample:
    """One round's value. With a fault it does not count, whatever it is; `details` are kept for the record."""

    value: float | None
    fault: str = ""
    details: dict[str, float] = field(default_factory=dict)


@dataclass
class RowResult:
    """A row with its samples, by side."""

    row: Row
    samples: dict[str, list[Sample]] = field(default_factory=dict)

    def figure(self, side: str) -> Figure | None:
        """Return the figure of the rounds that went well."""
        good = [sample.value for sample in self.samples.get(side, []) if not sample.fault and sample.value is not None]
        return figure_of(good, less_is_better=self.row.less_is_better)

    def faults(self, side: str) -> list[str]:
        """Return what went wrong, each fault once, in the order of the rounds."""
        return list(dict.fromkeys(sample.fault for sample in self.samples.get(side, []) if sample.fault))


@dataclass
class GroupResult:
    """All that one group's run found.

    `machine` and `versions` are for people, name to text; `load` is the machine's load average (1 minute) before and
    after the run; `started` is UTC, ISO 8601.
    """

    group: str
    started: str
    rounds: int
    seconds: float
    machine: dict[str, str]
    versions: dict[str, str]
    load: tuple[float, float]
    sides: dict[str, str]
    ours: str
    rows: list[RowResult] = field(default_factory=list)

    @property
    def stock(self) -> list[str]:
        return [side for side in self.sides if side != self.ours]

    def faults(self) -> list[str]:
        """Return the faults of all rows, as lines."""
        return [
            f"{result.row.name} ({result.row.metric}) on {side}: {fault}"
            for result in self.rows
            for side in self.sides
            for fault in result.faults(side)
        ]

    def write(self, folder: Path) -> Path:
        path = folder / f"{self.group}.json"
        folder.mkdir(parents=True, exist_ok=True)
        path.write_text(json.dumps({"format": FORMAT, **asdict(self)}, indent=1, ensure_ascii=False) + "\n", "utf-8")
        return path

    @classmethod
    def read(cls, path: Path) -> GroupResult:
        """Read a file that :meth:`write` made; ValueError for another format."""
        data: dict[str, Any] = json.loads(path.read_text("utf-8"))
        if data.pop("format", None) != FORMAT:
            raise ValueError(f"{path} was written by another version: measure this group again")
        rows = [
            RowResult(
                Row(**row["row"]),
                {side: [Sample(**sample) for sample in samples] for side, samples in row["samples"].items()},
            )
            for row in data.pop("rows")
        ]
        return cls(**{**data, "load": (data["load"][0], data["load"][1])}, rows=rows)


def load_results(folder: Path, groups: list[str]) -> list[GroupResult]:
    """Return what lies in `folder` of these groups, in their order."""
    return [GroupResult.read(path) for group in groups if (path := folder / f"{group}.json").exists()]
