"""The page about performance, made of the results that are there. Knows no way of measuring."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from .cells import header, lines
from .groups import ABOUT, TITLES
from .results import GroupResult

__all__ = ["PAGE", "page_text", "write_page"]

PAGE = "README.md"
HEAD = """# Performance

<!-- Written by `make bench`; not to be edited by hand. -->

The same applications, side by side: stock Flask on gunicorn (gthread) and on granian, and ferroflask with its own
server. A figure is the best of the rounds, with the lowest and the highest beside it; *over* is how many times better
ferroflask's best is than that server's, above 1 in its favour. CPU is user and system time of all the server's
processes over the requests answered, so that it says what a request costs and not how fast the load generator was.
Each server ran alone on one CPU, the load generator (wrk) on another one; servers took turns in every round. Compare
figures of one table only: another run, or another machine, has another noise. **!** marks a figure for which a round
failed; what failed stands below the table, and failed rounds do not count.
"""


def page_text(results: Sequence[GroupResult], charts: Sequence[str] = ()) -> str:
    """Return the page: a section per result, then the machine. `charts` are file names beside the page."""
    pictures = [f"![CPU per request, by kind of work]({name})" for name in charts if name.endswith(".svg")]
    sections = [section(result) for result in results]
    return "\n".join([HEAD, *[f"{picture}\n" for picture in pictures], *sections, machines(results)])


def write_page(folder: Path, results: Sequence[GroupResult], charts: Sequence[str] = ()) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / PAGE
    path.write_text(page_text(results, charts), "utf-8")
    return path


def section(result: GroupResult) -> str:
    titles = header(result)
    table = [titles, ["---", "---", *["---:"] * (len(titles) - 2)], *lines(result)]
    parts = [
        f"## {TITLES[result.group]}\n",
        f"{ABOUT[result.group]}\n",
        "\n".join(f"| {' | '.join(cells)} |" for cells in table) + "\n",
        *[f"- **!** {fault}" for fault in result.faults()],
        "" if result.faults() else None,
        f"{run_text(result)} Raw figures: [{result.group}.json]({result.group}.json).\n",
    ]
    return "\n".join(part for part in parts if part is not None)


def run_text(result: GroupResult) -> str:
    rounds = f"{result.rounds} round{'s' * (result.rounds != 1)} of {result.seconds:g} s"
    before, after = result.load
    when = result.started[:16].replace("T", " ")
    return f"Measured {when} UTC, {rounds}; load average of the machine {before:g} before, {after:g} after."


def machines(results: Sequence[GroupResult]) -> str:
    """Return the section about machines and versions: one list when all the groups were measured alike."""
    alike: dict[str, list[str]] = {}
    for result in results:
        facts = [f"- {name}: {text}" for name, text in result.machine.items()]
        facts.append("- versions: " + ", ".join(f"{name} {text}" for name, text in result.versions.items()))
        alike.setdefault("\n".join(facts), []).append(result.group)
    parts = ["## Machine and versions\n"]
    for facts_text, groups in alike.items():
        if len(alike) > 1:
            parts.append(f"{', '.join(groups)}:\n")
        parts.append(f"{facts_text}\n")
    return "\n".join([*parts, *commands(results)])


def commands(results: Sequence[GroupResult]) -> list[str]:
    """Return how the servers were started, once for each way."""
    used = {(side, command): None for result in results for side, command in result.sides.items() if command}
    return ["Servers were started with:\n", *[f"- {side}: `{command}`" for side, command in used], ""] if used else []
