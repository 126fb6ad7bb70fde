"""All the groups, by name: what is measured of what, and what the page calls it."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

from ..rounds import Group
from ..sides import FERROFLASK, FLASK, Side
from ..stages import Stage, chosen_rows, measured, rows_of
from . import client, connections, scaling, scheduler, works

__all__ = ["ABOUT", "NAMES", "TITLES", "group"]

STAGES: dict[str, tuple[Stage, ...]] = {
    "works": works.STAGES,
    "connections": connections.STAGES,
    "scaling": scaling.STAGES,
    "scheduler": scheduler.STAGES,
}
TITLES = {
    "works": works.TITLE,
    "connections": connections.TITLE,
    "scaling": scaling.TITLE,
    "scheduler": scheduler.TITLE,
    "client": client.TITLE,
}
# In the order of the page.
NAMES = tuple(TITLES)
ABOUT = {
    "works": works.ABOUT,
    "connections": connections.ABOUT,
    "scaling": scaling.ABOUT,
    "scheduler": scheduler.ABOUT,
    "client": client.ABOUT,
}


def group(name: str, servers: Sequence[Side], only: Sequence[str] = ()) -> Group:
    """Return a group of NAMES, measured on these servers; `only` names the rows that are wanted, all when empty."""
    if name == "client":
        rows = [row for row in client.ROWS if not only or row.name in only]
        return Group(name, rows, (FLASK, FERROFLASK), partial(client.measured, rows))
    stages = chosen_rows(STAGES[name], only)
    measure = partial(measured, stages)
    if name == "scheduler":
        return Group(name, rows_of(stages), servers, measure, scheduler.derived)
    return Group(name, rows_of(stages), servers, measure)
