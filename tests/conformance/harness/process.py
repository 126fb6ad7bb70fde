"""A program in a process of its own: started, listened to, waited for, ended. Knows neither sides nor requests."""

from __future__ import annotations

import contextlib
import os
import re
import signal
import socket
import subprocess
import threading
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import IO


class NotReady(Exception):
    """The program ended, or never listened; the message holds what it printed."""


class Lines:
    """What a stream of the program said so far, gathered by a thread of its own."""

    def __init__(self, stream: IO[bytes]) -> None:
        self._text = b""
        self._changed = threading.Condition()
        self._thread = threading.Thread(target=self._gather, args=(stream,), daemon=True)
        self._thread.start()

    def _gather(self, stream: IO[bytes]) -> None:
        with stream:
            while piece := os.read(stream.fileno(), 65536):
                with self._changed:
                    self._text += piece
                    self._changed.notify_all()

    def text(self) -> str:
        with self._changed:
            return self._text.decode("utf-8", "backslashreplace")

    def wait_for(self, enough: Callable[[str], bool], seconds: float) -> bool:
        """Wait until `enough` likes the text; False if it did not in time."""
        with self._changed:
            return self._changed.wait_for(lambda: enough(self._text.decode("utf-8", "backslashreplace")), seconds)

    def finish(self, seconds: float) -> str:
        """The whole text once every writer is gone, or what there is after `seconds`."""
        self._thread.join(seconds)
        return self.text()


class Program:
    """A running child and its group: a reloader's grandchild ends with it."""

    def __init__(self, argv: Sequence[str], folder: Path, environment: dict[str, str], stdin: str = "") -> None:
        self._child = subprocess.Popen(
            argv,
            cwd=folder,
            env=environment,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            start_new_session=True,
        )
        assert self._child.stdin
        assert self._child.stdout
        assert self._child.stderr
        self.stdout, self.stderr = Lines(self._child.stdout), Lines(self._child.stderr)
        with contextlib.suppress(BrokenPipeError):
            self._child.stdin.write(stdin.encode())
        with contextlib.suppress(BrokenPipeError):
            self._child.stdin.close()

    @property
    def pid(self) -> int:
        return self._child.pid

    def wait_until_listening(self, port: int, seconds: float) -> None:
        """Return when the port accepts; NotReady if the program ends before, or `seconds` pass."""
        deadline = time.monotonic() + seconds
        while time.monotonic() < deadline:
            with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), timeout=1):
                return
            try:
                self._child.wait(0.02)
            except subprocess.TimeoutExpired:
                continue
            raise NotReady(f"the program ended with {self._child.returncode}:\n{self.stderr.finish(5)}")
        raise NotReady(f"nothing listens on the port after {seconds:g} s:\n{self.stderr.text()}")

    def wait_for_error_lines(self, pattern: re.Pattern[str], count: int, seconds: float) -> bool:
        """Wait until stderr has `count` matches."""
        return self.stderr.wait_for(lambda text: len(pattern.findall(text)) >= count, seconds)

    def wait(self, seconds: float) -> int | None:
        """The exit status; None if the program had to be killed after `seconds`."""
        try:
            return self._child.wait(seconds)
        except subprocess.TimeoutExpired:
            self._signal(signal.SIGKILL)
            self._child.wait()
            return None

    def interrupt(self, seconds: float = 10) -> int | None:
        """Press Ctrl-C, as a terminal does for the whole group; see `wait` for the answer."""
        self._signal(signal.SIGINT)
        status = self.wait(seconds)
        self._signal(signal.SIGKILL)  # a reloader's child that outlived its parent
        return status

    def _signal(self, number: int) -> None:
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(self._child.pid, number)


def free_ports(count: int) -> list[int]:
    """Ports nobody listened on a moment ago, all different."""
    with contextlib.ExitStack() as held:
        sockets = [held.enter_context(socket.socket()) for _ in range(count)]
        for each in sockets:
            each.bind(("127.0.0.1", 0))
        return [each.getsockname()[1] for each in sockets]
