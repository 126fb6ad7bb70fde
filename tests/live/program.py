"""A program under test in a process group of its own: what it prints can be waited for, its children end with it."""

from __future__ import annotations

import contextlib
import os
import re
import signal
import subprocess
import threading
import time
from collections.abc import Sequence
from pathlib import Path

# What would change the program from outside. FERROFLASK stays, so that FERROFLASK=0 compares with stock.
FOREIGN = ("PYTHON", "PYTEST", "FLASK", "WERKZEUG", "COVERAGE")
# Colours would stand between the words that tests wait for.
PLAIN = {"PYTHONUNBUFFERED": "1", "PYTHONDONTWRITEBYTECODE": "1", "NO_COLOR": "1"}


class Program:
    """Started at once. Standard output and error are read together, as a terminal would show them."""

    def __init__(self, command: Sequence[str], folder: Path, **settings: str) -> None:
        kept = {name: value for name, value in os.environ.items() if not name.startswith(FOREIGN)}
        self.process = subprocess.Popen(
            command,
            cwd=folder,
            env=kept | PLAIN | settings,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            encoding="utf-8",
            errors="replace",
            # A group of its own, led by this process: the reloader's children are in it too.
            start_new_session=True,
        )
        self._lines: list[str] = []
        self._closed = False
        self._news = threading.Condition()
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()

    @property
    def printed(self) -> str:
        """Return everything printed so far."""
        with self._news:
            return "".join(self._lines)

    def wait_for(self, pattern: str, seconds: float = 20, count: int = 1) -> re.Match[str]:
        """Return the match number `count` of `pattern` in what is printed; it may have been printed already.

        Raises:
            AssertionError: it was not printed in time, or the program is over; the message has what was printed.
        """
        deadline = time.monotonic() + seconds
        with self._news:
            while True:
                matches = list(re.finditer(pattern, "".join(self._lines), re.MULTILINE))
                if len(matches) >= count:
                    return matches[count - 1]
                left = deadline - time.monotonic()
                if self._closed or left <= 0:
                    reason = "the program is over" if self._closed else f"not within {seconds:g} s"
                    raise AssertionError(f"{pattern!r} was not printed, {reason}. Printed:\n{''.join(self._lines)}")
                self._news.wait(left)

    def end(self, seconds: float = 5) -> None:
        """End the program and its children, gently at first."""
        for sent in (signal.SIGTERM, signal.SIGKILL):
            self._send_to_group(sent)
            try:
                self.process.wait(seconds)
                break
            except subprocess.TimeoutExpired:
                continue
        # A child may outlive the first process of the group.
        self._send_to_group(signal.SIGKILL)
        self._reader.join(seconds)
        if self.process.stdout is not None:
            self.process.stdout.close()

    def _send_to_group(self, number: signal.Signals) -> None:
        # The group is gone when its last process is.
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self.process.pid, number)

    def _read(self) -> None:
        assert self.process.stdout is not None
        for line in self.process.stdout:
            with self._news:
                self._lines.append(line)
                self._news.notify_all()
        with self._news:
            self._closed = True
            self._news.notify_all()
