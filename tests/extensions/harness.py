"""Runs a program that uses an extension on stock Flask and on ours, and compares the answers.

Each side gets a process, a folder and, where a case has one, a port of its own. Knows no extension.
"""

from __future__ import annotations

import base64
import importlib.metadata
import json
import re
import socket
import subprocess
import sys
import time
import zlib
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from pathlib import Path

import pytest

from ..conformance.harness import http_client
from ..conformance.harness.process import Program, free_ports
from ..conformance.harness.sides import Side
from .asking import Answer, Ask, Case

HERE = Path(__file__).parent
READY_SECONDS = 45
COMMAND_SECONDS = 50
OURS = "ferroflask/api/flask/__init__.py"


def needs(*distributions: str) -> None:
    """Skip the test module when one of the distributions is not installed."""
    for name in distributions:
        try:
            importlib.metadata.distribution(name)
        except importlib.metadata.PackageNotFoundError:
            pytest.skip(f"{name} is not installed (`make test-extensions` installs it)", allow_module_level=True)


class Door:
    """A running program of one side, and a way to ask it."""

    def __init__(self, side: Side, kind: str, program: str, folder: Path, environment: Mapping[str, str]) -> None:
        self.kind = kind
        (self.port,) = free_ports(1)
        self.folder = folder
        folder.mkdir(parents=True)
        self._errors = (folder.parent / f"{folder.name}.stderr").open("w+")
        argv = [sys.executable, str(HERE / "child.py"), kind, str(HERE / "programs" / program), str(self.port)]
        self._child = subprocess.Popen(
            argv,
            cwd=folder,
            env=side.environment() | environment,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=self._errors,
            text=True,
        )
        self._cookies: dict[str, str] = {}
        flask = json.loads(self._line())["flask"]
        assert flask.endswith(OURS) == (side is Side.OURS), f"{side.value} got {flask}"
        if kind == "socket":
            self._wait_until_listening()

    def ask(self, ask: Ask, taken: Mapping[str, str]) -> Answer:
        target, headers, body = ask.filled(taken)
        if self.kind == "socket":
            return self._by_socket(ask.method, target, headers, body)
        question = {"method": ask.method, "target": target, "headers": headers, "body": base64.b64encode(body).decode()}
        assert self._child.stdin
        print(json.dumps(question), file=self._child.stdin, flush=True)
        answer = json.loads(self._line())
        pairs = tuple((name, value) for name, value in answer["headers"])
        return Answer(answer["status"], pairs, base64.b64decode(answer["body"]))

    def _by_socket(self, method: str, target: str, headers: list[tuple[str, str]], body: bytes) -> Answer:
        sent = [("Host", "localhost"), ("Connection", "close"), *headers]
        if self._cookies:
            sent.append(("Cookie", "; ".join(f"{name}={value}" for name, value in self._cookies.items())))
        if body or method == "POST":
            sent.append(("Content-Length", str(len(body))))
        wire = http_client.ask(self.port, method, target, sent, body, timeout=30)
        for cookie in wire.values("Set-Cookie"):
            name, _, rest = cookie.partition("=")
            self._cookies[name] = rest.partition(";")[0]
            if "Max-Age=0" in cookie:
                del self._cookies[name]
        return Answer(f"{wire.status} {wire.reason}", wire.headers, wire.body)

    def _line(self) -> str:
        assert self._child.stdout
        return self._child.stdout.readline() or pytest.fail(f"the program ended:\n{self.said()}", pytrace=False)

    def _wait_until_listening(self) -> None:
        deadline = time.monotonic() + READY_SECONDS
        while time.monotonic() < deadline and self._child.poll() is None:
            try:
                socket.create_connection(("127.0.0.1", self.port), timeout=1).close()
                return
            except OSError:
                time.sleep(0.02)
        pytest.fail(f"nothing listens:\n{self.said()}", pytrace=False)

    def said(self) -> str:
        """The end of what the program wrote to stderr."""
        self._errors.flush()
        return Path(self._errors.name).read_text(errors="backslashreplace")[-2500:]

    def close(self) -> None:
        self._child.kill()
        self._child.communicate()
        self._errors.close()


@contextmanager
def opened(side: Side, kind: str, program: str, folder: Path, environment: Mapping[str, str]) -> Iterator[Door]:
    door = Door(side, kind, program, folder, environment)
    try:
        yield door
    finally:
        door.close()


def compare(case: Case, kind: str, folder: Path, environment: Mapping[Side, Mapping[str, str]] | None = None) -> None:
    """Ask both sides everything, by the test client (`client`) or a server (`socket`); fail with the differences."""
    with ExitStack() as stack:
        doors = [
            stack.enter_context(
                opened(side, kind, case.program, folder / side.value, (environment or {}).get(side, {}))
            )
            for side in (Side.STOCK, Side.OURS)
        ]
        taken: list[dict[str, str]] = [{}, {}]
        complaints: list[str] = []
        for number, ask in enumerate(case.asks, 1):
            found: list[str] = []
            cleaned = []
            for side, door, known in zip(("stock", "ours"), doors, taken, strict=True):
                answer = door.ask(ask, known)
                wrong = answer.complaints(ask, case) + _take(ask, answer, known)
                found += [f"{side}: {text}" for text in wrong]
                if wrong:
                    found.append(f"{side} answered\n{answer.text()[:1500]}\n{door.said()}")
                hidden = {str(door.folder): "<folder>", f":{door.port}": ":<port>"}
                if any(name == "ETag" for name, _ in answer.headers):
                    # Werkzeug mixes a sum over a file's path into its ETag.
                    hidden |= {f"-{zlib.adler32(str(path).encode())}": "-<path>" for path in door.folder.rglob("*")}
                cleaned.append(answer.cleaned(case, known, hidden))
            found += differences(*cleaned)
            complaints += [f"[{number}] {ask.method} {ask.target}: {text}" for text in found]
        if complaints:
            pytest.fail("\n".join(complaints), pytrace=False)


def _take(ask: Ask, answer: Answer, known: dict[str, str]) -> list[str]:
    missing = []
    whole = answer.text() + "\n" + "\n".join(f"{name}: {value}" for name, value in answer.headers)
    for name, pattern in ask.take.items():
        if match := re.search(pattern, whole):
            known[name] = match[1]
        else:
            missing.append(f"nothing matches {pattern!r} (for {name})")
    return missing


def differences(stock: Answer, ours: Answer) -> list[str]:
    found = []
    if stock.status != ours.status:
        found.append(f"status: stock {stock.status!r}, ours {ours.status!r}")
    if stock.headers != ours.headers:
        found.append(f"headers differ\n  stock {stock.headers}\n  ours  {ours.headers}")
    if stock.body != ours.body:
        at = next((i for i, (a, b) in enumerate(zip(stock.body, ours.body, strict=False)) if a != b), -1)
        start = max(0, at - 100)
        found.append(
            f"bodies differ at {at}\n  stock {stock.body[start : at + 200]!r}\n  ours  {ours.body[start : at + 200]!r}"
        )
    return found


def run_both(
    argv: tuple[str, ...], folders: Mapping[Side, Path], environment: Mapping[str, str]
) -> dict[Side, tuple[int | None, str, str]]:
    """Run one command (arguments of the interpreter) in each side's folder: exit status, stdout, stderr."""
    outcome = {}
    for side, folder in folders.items():
        program = Program([sys.executable, *argv], folder, side.environment() | environment)
        status = program.wait(COMMAND_SECONDS)
        texts = [lines.finish(5).replace(str(folder), "<folder>") for lines in (program.stdout, program.stderr)]
        outcome[side] = (status, texts[0], texts[1])
    return outcome
