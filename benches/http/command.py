"""The command line: which groups to measure on which servers, then the page of all the results that are there."""

from __future__ import annotations

import argparse
import os
import signal
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TypeVar

from . import console
from .chart import NoMatplotlib, write_chart
from .groups import NAMES, group
from .load import missing_tools
from .machine import cpus_to_use, load_average
from .page import write_page
from .results import GroupResult, load_results
from .rounds import run_group
from .server_process import PortTaken, require_free
from .settings import Settings
from .sides import SERVERS, Side, side_of

__all__ = ["main"]

Number = TypeVar("Number", int, float)

CHARTED = "works"
# A load average from which on figures of two CPUs are noise.
BUSY = 0.5


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command.

    Returns:
        0; 1 when a row failed (it is marked), 2 when nothing could be measured, 130 when it was interrupted.
    """
    options = parser().parse_args(arguments)
    names = list(NAMES) if options.group == "all" else [options.group]
    try:
        servers = [side_of(text) for text in options.server or SERVERS]
        settings = Settings(options.rounds, options.seconds, cpus_to_use(options.cpus), port=options.port)
        require_all(names, servers, settings)
    except (ValueError, PortTaken, Missing) as error:
        print(f"bench: {error}", file=sys.stderr)
        return 2
    # The default ends the process at once, and would leave the servers running.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    # Whatever this process does beside must not be done on the server's CPU.
    os.sched_setaffinity(0, {settings.cpus.load})
    if load_average() > BUSY:
        console.warn(f"the machine is busy (load average {load_average()}): expect noise. It is noted in the results.")
    try:
        failed = [result.group for result in measure(names, servers, settings, options) if result.faults()]
    except Missing as error:
        print(f"bench: {error}", file=sys.stderr)
        return 2
    except KeyboardInterrupt:
        print("bench: interrupted; the groups that were complete are written", file=sys.stderr)
        return 130
    return int(bool(failed))


class Missing(Exception):
    """Something that was asked for, or is needed, is not there."""


def require_all(names: Sequence[str], servers: Sequence[Side], settings: Settings) -> None:
    """Raise Missing or PortTaken when it makes no sense to begin."""
    tools = missing_tools(needs_wrk=list(names) != ["client"])
    if tools:
        raise Missing(tools)
    if list(names) == ["client"]:
        return
    missing = [program for side in servers if (program := side.missing())]
    if missing:
        raise Missing(f"not installed beside this Python: {', '.join(missing)} (`make bench` installs them)")
    if settings.port:
        require_free(settings.port)


def measure(
    names: Sequence[str], servers: Sequence[Side], settings: Settings, options: argparse.Namespace
) -> list[GroupResult]:
    """Measure the groups, writing each one's results as soon as they are known."""
    groups = [group(name, servers, options.row or ()) for name in names]
    groups = [chosen for chosen in groups if chosen.rows]
    if not groups:
        raise Missing(f"no row is called {' or '.join(options.row)}")
    total = sum(len(chosen.rows) * len(chosen.sides) * settings.rounds for chosen in groups)
    results = []
    with console.progress_bar(total) as progress:
        for chosen in groups:
            result = run_group(chosen, settings, progress)
            result.write(options.out)
            publish(options.out)
            console.show(result)
            results.append(result)
    return results


def publish(folder: Path) -> None:
    """Make page and chart of what lies in the folder."""
    results = load_results(folder, list(NAMES))
    charts: list[str] = []
    for result in results:
        if result.group == CHARTED:
            try:
                charts = write_chart(folder, result)
            except NoMatplotlib as error:
                console.warn(str(error))
    write_page(folder, results, charts)


def parser() -> argparse.ArgumentParser:
    made = argparse.ArgumentParser(
        prog="python -m benches.http", description="Compare servers, and write docs/performance."
    )
    made.add_argument("group", nargs="?", default="all", choices=["all", *NAMES], help="what to measure (default: all)")
    made.add_argument("--rounds", type=positive(int), default=3, help="how often each server has its turn (default: 3)")
    made.add_argument(
        "--seconds", type=positive(float), default=1.0, help="how long each load lasts; wrk rounds up (default: 1)"
    )
    made.add_argument(
        "--server",
        action="append",
        metavar="NAME[=COMMAND]",
        help=f"one of {', '.join(SERVERS)} (default: all), or a stock server of yours: {{app}} and {{port}} in COMMAND",
    )
    made.add_argument("--row", action="append", metavar="NAME", help="measure this row only; may be repeated")
    made.add_argument("--cpus", metavar="SERVER,LOAD", help="the CPUs to run on (default: the first two)")
    made.add_argument("--port", type=int, default=0, help="where servers listen (default: a free port each)")
    made.add_argument(
        "--out", type=Path, default=Path("docs/performance"), help="folder of the results (default: %(default)s)"
    )
    return made


def positive(kind: Callable[[str], Number]) -> Callable[[str], Number]:
    """Return an argparse type for numbers above zero."""

    def read(text: str) -> Number:
        value = kind(text)
        if value <= 0:
            raise argparse.ArgumentTypeError("must be above zero")
        return value

    return read
