"""A server in a process group of its own: started on its CPU, waited for, its CPU time read, ended whatever happens.

Must not know what is asked of it.
"""

from __future__ import annotations

import contextlib
import os
import signal
import socket
import subprocess
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path
from types import TracebackType

__all__ = ["NotStarted", "PortTaken", "ServerProcess", "free_port", "require_free"]

START_SECONDS = 20.0
STOP_SECONDS = 5.0


class NotStarted(Exception):
    """The server ended, or did not listen in time; the message ends with what it printed last."""


class PortTaken(Exception):
    """Somebody else listens there: the figures would be theirs."""


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def require_free(port: int) -> None:
    """Raise PortTaken when the port of 127.0.0.1 has a listener."""
    with socket.socket() as probe:
        # Connections of the server before that only wait to be forgotten do not matter.
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError as error:
            raise PortTaken(
                f"port {port} is taken: {error.strerror}. End what listens there, or leave --port out."
            ) from None


class ServerProcess:
    """A running server; a context manager that ends it, and all that it started.

    Args:
        argv: its command line.
        cpus: what taskset's `-c` takes, such as ``0`` or ``0,1``.
        port: where it will listen on 127.0.0.1.
    """

    def __init__(self, argv: Sequence[str], cpus: str, port: int, folder: Path, environment: dict[str, str]) -> None:
        require_free(port)
        self.port = port
        self._log = tempfile.TemporaryFile()  # noqa: SIM115 - closed by end()
        self._process = subprocess.Popen(
            ["taskset", "-c", cpus, *argv],
            cwd=folder,
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=self._log,
            stderr=self._log,
            # Its own group: a Ctrl-C in the terminal comes to us alone, and all its processes are found by it.
            start_new_session=True,
        )

    def __enter__(self) -> ServerProcess:
        try:
            self._wait_until_listening()
        except BaseException:
            self.end()
            raise
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.end()

    def is_running(self) -> bool:
        return self._process.poll() is None

    def cpu_seconds(self) -> float:
        """Return user and system time of all the processes of the group so far, in seconds."""
        total = 0.0
        for pid in self._members():
            with contextlib.suppress(OSError):
                # The process's own clock (clock_getcpuclockid(3)): nanoseconds, threads that have ended included.
                total += time.clock_gettime((~pid << 3) | 2)
        return total

    def end(self) -> None:
        """End the group: politely, then not. May be called twice."""
        self._signal(signal.SIGTERM)
        with contextlib.suppress(subprocess.TimeoutExpired):
            self._process.wait(STOP_SECONDS)
        # Also when the first process has ended: a worker may have outlived it.
        self._signal(signal.SIGKILL)
        self._process.wait()
        self._log.close()

    def _wait_until_listening(self) -> None:
        deadline = time.monotonic() + START_SECONDS
        while time.monotonic() < deadline and self.is_running():
            with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", self.port), timeout=1):
                return
            time.sleep(0.02)
        self._log.seek(0)
        printed = self._log.read().decode("utf-8", "backslashreplace").strip()
        raise NotStarted(f"did not start: {printed[-400:] or 'it printed nothing'}")

    def _members(self) -> list[int]:
        members = []
        for entry in os.listdir("/proc"):
            if entry.isdigit():
                with contextlib.suppress(OSError, ValueError, IndexError):
                    # Behind the name, which may hold anything: state, parent, group.
                    fields = Path(f"/proc/{entry}/stat").read_text("utf-8").rpartition(")")[2].split()
                    if int(fields[2]) == self._process.pid:
                        members.append(int(entry))
        return members

    def _signal(self, number: int) -> None:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self._process.pid, number)
