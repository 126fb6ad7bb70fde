"""The drawing of the house, docs/architecture.svg, from the floor plan and the graph of imports: `make drawing`.

Floors are stacked bottom-up in their order. A matrix beside them has a dot where the floor of the row uses the floor of
the column. It must not know what is allowed: an arrow back is drawn like it is.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from html import escape

from .rooms import ENGINE, LAYERS, PURE, PURE_ABOUT, PYTHON, SERVER
from .rust_graph import Graph, Module
from .rust_source import PROJECT

DRAWING = PROJECT / "docs" / "architecture.svg"

# All in pixels of the drawing.
MARGIN, ROW, GAP = 24, 24, 14
LABEL, NAME, BOX = 72, 102, 366
CELL, DOT = 14, 4
BESIDE = 92
HEAD, CARD = 64, 54
CARDS_IN_A_ROW = 4

INK, QUIET, PAPER, LINE, BACK = "#1f2933", "#52606d", "#ffffff", "#d9e2ec", "#c81e1e"
# Of the kinds of floors: fill, stroke and dots.
COLOURS = {
    "pure": ("#e6f4ea", "#7fb88f", "#3d8b55"),
    "engine": ("#e5effb", "#84aadb", "#2f6db5"),
    "server": ("#fdeee0", "#e0a774", "#c26a1b"),
}
PYTHON_COLOURS = ("#fff8d6", "#d9c36a")
SERIFLESS = "system-ui, 'Segoe UI', 'Helvetica Neue', 'DejaVu Sans', sans-serif"
FIXED = "ui-monospace, 'SF Mono', Menlo, Consolas, 'DejaVu Sans Mono', monospace"


@dataclass(frozen=True)
class Floor:
    """A pure layer, a room of the engine, or a room or file of the server."""

    module: Module
    about: str

    @property
    def kind(self) -> str:
        return "pure" if self.module[0] in PURE else self.module[0]


def floors() -> list[Floor]:
    """Give all floors, lowest first."""
    found: list[Floor] = []
    inside = {"engine": ENGINE, "server": SERVER}
    for layer in (layer for row in LAYERS for layer in row):
        rooms = inside.get(layer)
        if rooms is None:
            found.append(Floor((layer,), PURE_ABOUT[layer]))
        else:
            found += [Floor((layer, room), about) for room, about in rooms.items()]
    return found


def uses(plan: list[Floor], graph: Graph) -> list[tuple[int, int]]:
    """Give the numbers of the floors of which the first uses the second."""
    number = {floor.module: place for place, floor in enumerate(plan)}

    def on(module: Module) -> int:
        return number.get(module[:2], number.get(module[:1], -1))

    pairs = {(on(module), on(used)) for module, targets in graph.arrows.items() for used in targets}
    return sorted(pair for pair in pairs if pair[0] != pair[1] and -1 not in pair)


class Drawing:
    """Where things are, and the elements that are drawn there."""

    def __init__(self, plan: list[Floor], pairs: list[tuple[int, int]]) -> None:
        self.plan, self.pairs = plan, pairs
        self.matrix = MARGIN + LABEL + BOX + GAP
        self.width = self.matrix + len(plan) * CELL + BESIDE + MARGIN
        self.cards = HEAD + 16
        self.top = self.cards + -(-len(PYTHON) // CARDS_IN_A_ROW) * CARD + 16
        self.bottom = self.row(0) + ROW
        self.height = self.bottom + MARGIN

    def row(self, place: int) -> int:
        """Give the top of a floor; a gap is between kinds."""
        above = self.plan[place + 1 :]
        gaps = len({floor.kind for floor in above} - {self.plan[place].kind})
        return self.top + len(above) * ROW + gaps * GAP

    def column(self, place: int) -> float:
        return self.matrix + place * CELL + CELL / 2

    def elements(self) -> Iterator[str]:
        yield rectangle(0, 0, self.width, self.height, PAPER, LINE, 10)
        yield text(MARGIN, 36, "The house of ferroflask", size=19, weight=600)
        yield text(MARGIN, 56, "Each floor uses only floors below it.", colour=QUIET)
        yield from self.python()
        yield from self.bands()
        yield from self.grid()
        for place, floor in enumerate(self.plan):
            yield from self.floor(place, floor)
        for pair in self.pairs:
            yield self.dot(*pair)
        yield from self.legend()

    def python(self) -> Iterator[str]:
        """Draw the Python packages as cards above the house."""
        yield text(MARGIN, self.cards + 16, "Python", weight=600)
        yield text(MARGIN, self.cards + 32, "declares", size=11, colour=QUIET)
        left = MARGIN + LABEL
        wide = (self.width - MARGIN - left) / CARDS_IN_A_ROW
        for number, (name, about) in enumerate(PYTHON.items()):
            x, y = left + number % CARDS_IN_A_ROW * wide, self.cards + number // CARDS_IN_A_ROW * CARD
            yield rectangle(x, y, wide - 10, CARD - 12, *PYTHON_COLOURS, 5)
            yield text(x + 10, y + 19, name, font=FIXED, weight=600)
            yield text(x + 10, y + 36, about, size=11.5, colour=QUIET)

    def bands(self) -> Iterator[str]:
        """Draw what a kind of floors is called and does, at their left."""
        said = {"server": "sockets, threads", "engine": "knows Python", "pure": "plain Rust"}
        for kind, does in said.items():
            y = self.row(max(place for place, floor in enumerate(self.plan) if floor.kind == kind))
            yield text(MARGIN, y + 16, {"pure": "ground"}.get(kind, kind), weight=600)
            yield text(MARGIN, y + 32, does.partition(" ")[0], size=11, colour=QUIET)
            yield text(MARGIN, y + 46, does.partition(" ")[2], size=11, colour=QUIET)

    def grid(self) -> Iterator[str]:
        """Draw the lines along which a dot is followed: left from a name, and up from it."""
        for place in range(len(self.plan)):
            x, y = self.column(place), self.row(place) + ROW / 2
            yield line(self.matrix, y, x, y)
            yield line(x, self.row(len(self.plan) - 1) + ROW / 2, x, y)

    def floor(self, place: int, floor: Floor) -> Iterator[str]:
        fill, stroke, ink = COLOURS[floor.kind]
        y = self.row(place)
        name = floor.module[-1]
        yield rectangle(MARGIN + LABEL, y + 1, BOX, ROW - 2, fill, stroke, 4)
        yield text(MARGIN + LABEL + 10, y + 16.5, name, font=FIXED, weight=600)
        yield text(MARGIN + LABEL + NAME + 10, y + 16.5, floor.about, size=12, colour=QUIET)
        x = self.column(place)
        yield rectangle(x - 5, y + ROW / 2 - 5, 10, 10, fill, stroke, 2)
        last = max([place, *(used for user, used in self.pairs if user == place)])
        yield text(self.column(last) + 10, y + 16, name, font=FIXED, size=11, colour=ink)

    def dot(self, user: int, used: int) -> str:
        colour = COLOURS[self.plan[used].kind][2] if used < user else BACK
        said = f"{'/'.join(self.plan[user].module)} uses {'/'.join(self.plan[used].module)}"
        x, y = self.column(used), self.row(user) + ROW / 2
        return f'<circle cx="{x:g}" cy="{y:g}" r="{DOT}" fill="{colour}"><title>{escape(said)}</title></circle>'

    def legend(self) -> Iterator[str]:
        """Explain the dots, where the stairs of names leave room."""
        back = sum(used > user for user, used in self.pairs)
        up = f"red, right of a name: an arrow that points up ({back})" if back else "no arrow points up"
        said = [
            "A dot: the floor of its row uses that of its column",
            "left of a name: what it uses",
            "above a name: what uses it",
            up,
        ]
        x, y = self.column(len(self.plan) // 2), self.row(len(PURE) - 1) + 16
        for number, sentence in enumerate(said):
            colour = BACK if back and sentence == up else QUIET if number else INK
            yield text(x, y + number * 20, sentence, colour=colour)
        yield text(x, y + len(said) * 20 + 6, "Made by `make drawing` from the imports in src/", size=11, colour=QUIET)


def rectangle(x: float, y: float, wide: float, high: float, fill: str, stroke: str, round_by: int) -> str:
    size = f'width="{wide:g}" height="{high:g}" rx="{round_by}"'
    return f'<rect x="{x:g}" y="{y:g}" {size} fill="{fill}" stroke="{stroke}"/>'


def line(x1: float, y1: float, x2: float, y2: float) -> str:
    return f'<line x1="{x1:g}" y1="{y1:g}" x2="{x2:g}" y2="{y2:g}" stroke="{LINE}"/>'


def text(x: float, y: float, said: str, **style: str | float) -> str:
    """Draw a text; `style` has some of size, colour, weight, font."""
    font = str(style.get("font", ""))
    family = f' font-family="{font}"' if font else ""
    return (
        f'<text x="{x:g}" y="{y:g}" font-size="{style.get("size", 13)}" font-weight="{style.get("weight", 400)}"'
        f' fill="{style.get("colour", INK)}"{family}>{escape(said)}</text>'
    )


def draw(graph: Graph) -> str:
    """Give the whole drawing."""
    plan = floors()
    drawing = Drawing(plan, uses(plan, graph))
    attributes = {
        "xmlns": "http://www.w3.org/2000/svg",
        "viewBox": f"0 0 {drawing.width:g} {drawing.height:g}",
        "width": f"{drawing.width:g}",
        "role": "img",
        "aria-label": "Layers and rooms of ferroflask, and which use which",
        "font-family": SERIFLESS,
    }
    opening = " ".join(f'{name}="{value}"' for name, value in attributes.items())
    return "\n".join([f"<svg {opening}>", *drawing.elements(), "</svg>", ""])


if __name__ == "__main__":
    DRAWING.write_text(draw(Graph()), encoding="utf-8")
