"""What is seen while it runs, and the table at the end of each group."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from rich.console import Console
from rich.markup import escape
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn, TimeRemainingColumn
from rich.table import Table

from .cells import header, lines
from .groups import TITLES
from .results import GroupResult

__all__ = ["progress_bar", "show", "warn"]

console = Console()
if not console.is_terminal:
    # A log has no width: the tables need this much.
    console = Console(width=150)


@contextmanager
def progress_bar(total: int) -> Iterator[Callable[[str], None]]:
    """Show a bar of `total` steps; what is yielded takes one step and says what it was."""
    columns = (
        BarColumn(),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
        TimeRemainingColumn(),
        TextColumn("{task.description}"),
    )
    # Twice a second: drawing takes CPU time on the machine that is measured.
    with Progress(*columns, console=console, refresh_per_second=2, transient=True) as progress:
        task = progress.add_task("starting", total=total)
        yield lambda text: progress.update(task, advance=1, description=escape(text))


def show(result: GroupResult) -> None:
    table = Table(title=TITLES[result.group], title_justify="left")
    for number, title in enumerate(header(result)):
        table.add_column(title, justify="left" if number < 2 else "right")
    for cells in lines(result):
        table.add_row(*[escape(cell.replace("**", "")) for cell in cells])
    console.print(table)
    for fault in result.faults():
        warn(fault)


def warn(text: str) -> None:
    console.print(f"[red]![/red] {escape(text)}", highlight=False)
