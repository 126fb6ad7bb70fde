"""Runs a scenario on one side and notes everything that came out; runs it on both sides at once."""

from __future__ import annotations

import os
import re
import shutil
import sys
import time
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path

from .cleaning import ACCESS_LINE, Place, clean_output
from .http_client import BrokenAnswer, WireAnswer, ask
from .process import NotReady, Program, free_ports
from .scenario import Edit, Scenario, Step
from .sides import Side

PROGRAMS = Path(__file__).resolve().parent.parent / "programs"
#: Of every file of a program, so that Last-Modified and ETag are the same in each copy.
MODIFIED = 1_700_000_000

#: Seconds.
START, ANSWER, END, LOGGING = 30.0, 15.0, 10.0, 3.0


@dataclass
class Outcome:
    """What one side did. `answers` has a WireAnswer, or the reason why there is none, for each question."""

    place: Place
    answers: list[WireAnswer | str] = field(default_factory=list)
    stdout: str = ""
    stderr: str = ""
    status: int | None = None
    files: dict[str, bytes] = field(default_factory=dict)
    problem: str | None = None

    def access_lines(self) -> list[str]:
        return ACCESS_LINE.findall(clean_output(self.stderr, self.place))

    def other_lines(self) -> list[str]:
        """stderr without the access log: the two may be written by different threads."""
        lines = clean_output(self.stderr, self.place).splitlines()
        return [line for line in lines if not ACCESS_LINE.match(line)]


@dataclass(frozen=True)
class Pair:
    """Both outcomes of a scenario."""

    stock: Outcome
    ours: Outcome


def run_pair(scenario: Scenario, folder: Path) -> Pair:
    """Run on both sides at the same time, each in a copy of the program under `folder`."""
    sides = (Side.STOCK, Side.OURS)
    with ThreadPoolExecutor(len(sides)) as pool:
        ports = free_ports(len(sides))
        runs = [
            pool.submit(run, scenario, side, folder / side.value, port) for side, port in zip(sides, ports, strict=True)
        ]
        return Pair(*(each.result() for each in runs))


def run(scenario: Scenario, side: Side, folder: Path, port: int) -> Outcome:
    """Run on one side. Whatever goes wrong is told in the outcome."""
    main = lay_out(scenario, side, folder)
    outcome = Outcome(Place(folder, port))
    words = {"file": main, "port": str(port), "flask": str(Path(sys.executable).with_name("flask"))}
    environment = side.environment() | {"PORT": str(port)}
    for extra in (scenario.env, scenario.stock_env if side is Side.STOCK else {}):
        environment |= {name: value.format(**words) for name, value in extra.items()}
    argv = [sys.executable, *(word.format(**words) for word in scenario.argv)]
    program = Program(argv, folder, environment, scenario.stdin)
    try:
        if scenario.serves:
            _serve(scenario, program, outcome)
        else:
            outcome.status = program.wait(START)
    except NotReady as reason:
        outcome.problem = f"{side.value}: {reason}"
    finally:
        if scenario.serves:
            outcome.status = program.interrupt(END)
    outcome.stdout, outcome.stderr = program.stdout.finish(END), program.stderr.finish(END)
    outcome.files = _written(folder)
    return outcome


def lay_out(scenario: Scenario, side: Side, folder: Path) -> str:
    """Copy the program and return its main file. `dot.x` becomes `.x`; `x.py.txt` (code no linter can read) `x.py`."""
    source = PROGRAMS / scenario.program
    files = [path for path in source.rglob("*") if path.is_file()] if source.is_dir() else [source]
    root = source if source.is_dir() else PROGRAMS
    for path in files:
        if "__pycache__" in path.parts:
            continue
        name = re.sub(r"^dot\.", ".", path.name).removesuffix(".txt" if path.name.endswith(".py.txt") else "\0")
        target = folder / path.relative_to(root).with_name(name)
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(path, target)
        if side is Side.STOCK:
            _edit(target, [(old, new) for file, old, new in scenario.stock_edits if file == name])
        os.utime(target, (MODIFIED, MODIFIED))
    for name in scenario.hides:
        (folder / f"{name}.py").write_text("raise ImportError('hidden by the test')\n")
        os.utime(folder / f"{name}.py", (MODIFIED, MODIFIED))
    if source.is_dir():
        return scenario.main
    return source.name.removesuffix(".txt") if source.name.endswith(".py.txt") else source.name


def _edit(path: Path, changes: list[tuple[str, str]]) -> None:
    for old, new in changes:
        text = path.read_text()
        if old not in text:
            raise AssertionError(f"{path.name} does not hold {old!r}")
        path.write_text(text.replace(old, new))


def _serve(scenario: Scenario, program: Program, outcome: Outcome) -> None:
    program.wait_until_listening(outcome.place.port, START)
    jar: dict[str, str] = {}
    for step in scenario.steps:
        if isinstance(step, Edit):
            _change(step, program, outcome.place.folder / step.file)
            continue
        try:
            answer = ask_step(step, outcome.place.port, jar)
        except (BrokenAnswer, OSError, ValueError) as reason:
            outcome.answers.append(f"{type(reason).__name__}: {reason}")
            continue
        outcome.answers.append(answer)
        keep_cookies(answer, jar)
    program.wait_for_error_lines(ACCESS_LINE, len(scenario.questions), LOGGING)


def _change(edit: Edit, program: Program, file: Path) -> None:
    """Save the file until the program notices: its watcher may have started after its first answer."""
    pattern = re.compile(edit.until)
    seen = len(pattern.findall(program.stderr.text()))
    _edit(file, [(edit.old, edit.new)])
    deadline = time.monotonic() + START
    while not program.wait_for_error_lines(pattern, seen + 1, 4) and time.monotonic() < deadline:
        file.touch()


def ask_step(step: Step, port: int, jar: Mapping[str, str]) -> WireAnswer:
    """Send a step's request. Its own headers come last, and replace the ones every request has."""
    headers = {
        "Host": f"127.0.0.1:{port}",
        "User-Agent": "tutorials/1.0",
        "Accept-Encoding": "gzip, deflate",
        "Accept": "*/*",
        "Connection": "close",
    }
    headers |= {name: value.replace("{port}", str(port)) for name, value in step.headers}
    if step.cookies and jar:
        headers["Cookie"] = "; ".join(f"{name}={value}" for name, value in jar.items())
    return ask(port, step.method, step.target, list(headers.items()), step.body, ANSWER)


def keep_cookies(answer: WireAnswer, jar: dict[str, str]) -> None:
    """Do what a browser does with Set-Cookie, for one host and one path."""
    for line in answer.values("Set-Cookie"):
        pair, *attributes = line.split(";")
        name, _, value = pair.partition("=")
        gone = any(each.strip().lower() in {"max-age=0", _EPOCH} for each in attributes)
        if gone:
            jar.pop(name, None)
        else:
            jar[name] = value


_EPOCH = "expires=thu, 01 jan 1970 00:00:00 gmt"


def _written(folder: Path) -> dict[str, bytes]:
    """The files that the program made or changed."""
    found = {}
    for path in sorted(folder.rglob("*")):
        if path.is_file() and "__pycache__" not in path.parts and path.stat().st_mtime != MODIFIED:
            found[str(path.relative_to(folder))] = path.read_bytes()
    return found


class Outcomes:
    """The pairs of one test run; a scenario runs when the first test asks for it, and once."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._pairs: dict[str, Pair] = {}
        self.seconds: dict[str, float] = {}

    def of(self, scenario: Scenario) -> Pair:
        if scenario.name not in self._pairs:
            begun = time.monotonic()
            self._pairs[scenario.name] = run_pair(scenario, self._folder / scenario.name)
            self.seconds[scenario.name] = time.monotonic() - begun
        return self._pairs[scenario.name]
