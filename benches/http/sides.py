"""The servers that are compared, and the command lines that start them. Knows nothing of what they serve."""

from __future__ import annotations

import os
import shlex
import shutil
import sys
from dataclasses import dataclass
from pathlib import Path

__all__ = ["FERROFLASK", "FLASK", "OURS", "SERVERS", "Side", "side_of"]

BIN = Path(sys.executable).parent
OURS = "ferroflask"


@dataclass(frozen=True)
class Side:
    """One side of the comparison.

    `command` may name ``{app}``, ``{port}`` and ``{workers}``; `threads` is appended where a measure wants a certain
    number of Python threads and names ``{threads}``; `plain` is appended where it does not, so that each server runs
    as its documentation starts it.
    """

    name: str
    command: str = ""
    threads: str = ""
    plain: str = ""
    stock: bool = True

    @property
    def shown(self) -> str:
        """The command line as the page has it; empty without a server."""
        return f"{self.command} {self.plain}".strip()

    def argv(self, app: str, port: int, workers: int = 1, threads: int | None = None) -> list[str]:
        text = f"{self.command} {self.plain if threads is None else self.threads}"
        words = [word.format(app=app, port=port, workers=workers, threads=threads) for word in shlex.split(text)]
        program = BIN / words[0]
        return [str(program) if program.exists() else words[0], *words[1:]]

    def environment(self) -> dict[str, str]:
        """Return this process's environment, with the side's `flask` and none of the settings of either."""
        kept = {name: value for name, value in os.environ.items() if not name.startswith(("FERROFLASK", "FLASK_"))}
        return {**kept, "FERROFLASK": "0"} if self.stock else kept

    def missing(self) -> str | None:
        """Return the name of the program when it is not there."""
        words = shlex.split(self.command)
        return None if not words or (BIN / words[0]).exists() or shutil.which(words[0]) else words[0]


SERVERS = {
    side.name: side
    for side in (
        Side(
            "gunicorn",
            "gunicorn --worker-class gthread --workers {workers} --bind 127.0.0.1:{port} --log-level warning"
            " --no-control-socket {app}",
            threads="--threads {threads}",
            plain="--threads 4",
        ),
        Side(
            "granian",
            "granian --interface wsgi --workers {workers} --host 127.0.0.1 --port {port} --log-level warning {app}",
            threads="--blocking-threads {threads}",
        ),
        Side(
            OURS,
            "ferroflask serve --workers {workers} --bind 127.0.0.1:{port} {app}",
            threads="--threads {threads}",
            stock=False,
        ),
    )
}
# For what is measured inside one process, without a server.
FLASK = Side("Flask")
FERROFLASK = Side(OURS, stock=False)


def side_of(text: str) -> Side:
    """Return a side by its name, or a stock server of the caller's own, written ``NAME=COMMAND``.

    Raises ValueError for a name that is not known.
    """
    name, equals, command = text.partition("=")
    if equals:
        return Side(name, command)
    if name not in SERVERS:
        raise ValueError(
            f"no server {name!r}: use {', '.join(SERVERS)}, or NAME=COMMAND with {{app}} and {{port}} in it"
        )
    return SERVERS[name]
