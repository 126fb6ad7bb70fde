"""What a case is made of: a program, how it is started, and what it is asked. Pure data: nothing is started here."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from .http_client import Headers


@dataclass(frozen=True)
class Step:
    """One request, and what any correct engine answers. What is not stated is only compared between the sides."""

    rows: tuple[str, ...]
    method: str
    target: str
    status: int
    headers: Headers = ()
    body: bytes = b""
    #: The whole body.
    answer: str | bytes | None = None
    #: Texts inside the body.
    holds: tuple[str, ...] = ()
    #: Headers with their values; None says that the header is absent.
    sends: Mapping[str, str | None] = field(default_factory=dict)
    #: Where bodies can't be equal (debugger pages): patterns of the parts that must be.
    only: tuple[str, ...] = ()
    #: Whether the cookies of earlier answers go along.
    cookies: bool = True
    #: A header of the answer that stock repeats and ours must send once, with this value.
    ours_alone: tuple[str, str] | None = None

    @property
    def label(self) -> str:
        return f"{self.method} {self.target}"


@dataclass(frozen=True)
class Edit:
    """A change to a file of the running program; the run goes on when stderr holds `until` one time more."""

    file: str
    old: str
    new: str
    until: str


@dataclass(frozen=True)
class Scenario:
    """A program started once on each side. With steps it is a server, without it runs to its end.

    `{file}`, `{port}` and `{flask}` in `argv` and `env` stand for the program's main file, the port it was given and
    the `flask` command.
    """

    name: str
    #: A file or folder under programs/; of a folder, `main` is what `{file}` means.
    program: str
    rows: tuple[str, ...] = ()
    main: str = "app.py"
    argv: tuple[str, ...] = ("{file}",)
    env: Mapping[str, str] = field(default_factory=dict)
    stdin: str = ""
    steps: tuple[Step | Edit, ...] = ()
    #: Packages that the program shall not find, as if they were not installed. Debugging programs hide watchdog: it
    #: watches all of sys.path, and some releases of it lose themselves in their own events when that is a large tree.
    hides: tuple[str, ...] = ()
    #: Exit status of a program that runs to its end.
    exits: int = 0
    #: Texts that stdout and stderr hold, on both sides.
    prints: tuple[str, ...] = ()
    complains: tuple[str, ...] = ()
    #: Signs the session cookies; given, every session cookie must verify under it.
    secret: str | None = None
    #: For what stock dropped: how stock has to be asked for the same thing (file, old text, new text), and environment.
    stock_edits: tuple[tuple[str, str, str], ...] = ()
    stock_env: Mapping[str, str] = field(default_factory=dict)
    #: What ours says in a DeprecationWarning. Its words are the engine's own: warnings are left out of the comparison.
    ours_warns: str | None = None

    @property
    def serves(self) -> bool:
        return bool(self.steps)

    @property
    def questions(self) -> tuple[Step, ...]:
        return tuple(step for step in self.steps if isinstance(step, Step))
