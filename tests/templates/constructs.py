"""Reads the constructs: templates in the text files of the folder `constructs`, with the names of those they load.

`=== name` opens a case and is followed by the text of `main`; `--- name` is followed by another template's.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from functools import cache
from pathlib import Path

from .comparison import Case, Variables
from .values import VALUES

FOLDER = Path(__file__).parent / "constructs"
AREAS = sorted(path.stem for path in FOLDER.glob("*.txt"))


class Record:
    """A plain object with attributes."""

    def __init__(self, **attributes: object) -> None:
        self.__dict__.update(attributes)

    def __repr__(self) -> str:
        return f"Record({self.__dict__})"


def tree() -> list[Record]:
    leaf = Record(name="<leaf>", n=1, children=[])
    return [
        Record(name="a", n=2, children=[leaf, Record(name="b", n=3, children=[leaf])]),
        Record(name="c", n=4, children=[]),
    ]


def variables(value: Callable[[], object]) -> Variables:
    """Return what a construct is rendered with; `v` is the value that is tried."""
    users: list[Mapping[str, object]] = [
        {"name": "<Ada>", "city": "London"},
        {"name": "Bob", "city": "<X>"},
        {"name": "Eve", "city": "London"},
    ]
    return {
        "v": value(),
        "rows": [1, 2, 3],
        "layout": "layout.html",
        "zero": 0,
        "depth": 0,
        "tree": tree(),
        "users": users,
    }


def contexts_of(case: Case) -> dict[str, Callable[[], Variables]]:
    """Return the contexts that a case is rendered with: one when it does not name `v`, else one for every value."""
    names_value = any(re.search(r"\bv\b", text) for text in case.texts.values())
    chosen = VALUES if names_value else {"text": VALUES["text"]}
    return {label: lambda value=value: variables(value) for label, value in chosen.items()}  # type: ignore[misc]


@cache
def cases(area: str) -> tuple[Case, ...]:
    return tuple(parsed((FOLDER / f"{area}.txt").read_text(encoding="utf-8"), area))


def parsed(text: str, area: str) -> Iterator[Case]:
    """Yield the cases of a file."""
    for part in re.split(r"^=== ", text, flags=re.MULTILINE)[1:]:
        name, _, body = part.partition("\n")
        pieces = re.split(r"^--- (.+)\n", body, flags=re.MULTILINE)
        texts = dict(zip(["main", *pieces[1::2]], (piece.removesuffix("\n") for piece in pieces[::2]), strict=True))
        yield Case(f"{area}: {name}", texts)
