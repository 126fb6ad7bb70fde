"""The parent of several worker processes: starts them, replaces those that end or hang, passes signals on.

It runs no application code and no engine thread, so that forking stays safe.
"""

from __future__ import annotations

import os
import select
import signal
import sys
import threading
import time
import traceback
import typing as t

from .app_loader import AppNotFound, load_app

if t.TYPE_CHECKING:
    import socket
    from types import FrameType

    from ferroflask.dev_server.settings import ServerSettings

    from .bind import Address

#: Exit status of a worker that could not load the application: the next one could not either.
CANNOT_LOAD = 3

#: Seconds that a worker must have lived for its successor to be started at once.
SHORT_LIFE = 1.0


class _Worker:
    """A running worker process and the pipe through which it shows that it is alive."""

    def __init__(self, place: int, pid: int, pulse: int) -> None:
        self.place, self.pid, self.pulse = place, pid, pulse
        self.started = self.seen = time.monotonic()


class _Supervisor:
    """All workers, and what to do about them."""

    def __init__(self, app: str, settings: ServerSettings, address: Address, listeners: list[socket.socket]) -> None:
        self.app, self.settings, self.address, self.listeners = app, settings, address, listeners
        self.workers: dict[int, _Worker] = {}
        self.waiting: dict[int, float] = {}
        self.stopping: int | None = None
        self.status = 0

    def start(self, place: int) -> None:
        """Fork the worker that serves listener number `place`."""
        pulse_in, pulse_out = os.pipe()
        pid = os.fork()
        if pid == 0:
            os.close(pulse_in)
            self._become_worker(place, pulse_out)
        os.close(pulse_out)
        os.set_blocking(pulse_in, False)
        self.workers[pid] = _Worker(place, pid, pulse_in)

    def _become_worker(self, place: int, pulse: int) -> t.NoReturn:
        try:
            for signum in (signal.SIGTERM, signal.SIGINT, signal.SIGCHLD):
                signal.signal(signum, signal.SIG_DFL)
            signal.set_wakeup_fd(-1)
            from .worker import run_worker

            application = load_app(self.app)
            threading.Thread(target=_beat, args=(pulse,), daemon=True).start()
            run_worker(self.settings, self.address, self.listeners[place], application, cleans_up=False)
        except AppNotFound as error:
            _tell(f"Error: {error}")
        except BaseException:
            traceback.print_exc()
        finally:
            sys.stderr.flush()
            os._exit(CANNOT_LOAD)

    def run(self, wakeup: int) -> None:
        """Look after the workers until they are to stop and have."""
        for place in range(self.settings.workers):
            self.start(place)
        deadline = None
        while self.workers or (self.waiting and self.stopping is None):
            fds = [wakeup, *(worker.pulse for worker in self.workers.values())]
            ready, _, _ = select.select(fds, [], [], 1.0 if not self.waiting else 0.1)
            self._take_pulses(set(ready), wakeup)
            self._reap()
            if self.stopping is None:
                self._replace()
                continue
            if deadline is None:
                self.signal_all(self.stopping)
                grace = self.settings.graceful_timeout if self.stopping == signal.SIGTERM else 0
                deadline = time.monotonic() + grace + 5
            elif time.monotonic() > deadline:
                self.signal_all(signal.SIGKILL)

    def _take_pulses(self, ready: set[int], wakeup: int) -> None:
        now = time.monotonic()
        if wakeup in ready:
            os.read(wakeup, 4096)
        for worker in self.workers.values():
            if worker.pulse in ready:
                os.read(worker.pulse, 4096)
                worker.seen = now
            elif self.settings.timeout and now - worker.seen > max(self.settings.timeout, 2.0):
                _tell(f"Worker {worker.pid} has run no Python for {self.settings.timeout:g} s and is killed.")
                os.kill(worker.pid, signal.SIGKILL)
                worker.seen = now

    def _reap(self) -> None:
        for pid, worker in list(self.workers.items()):
            ended, status = os.waitpid(pid, os.WNOHANG)
            if not ended:
                continue
            os.close(worker.pulse)
            del self.workers[pid]
            code = os.waitstatus_to_exitcode(status)
            if self.stopping is not None:
                continue
            if code == CANNOT_LOAD:
                self.stopping, self.status = signal.SIGTERM, CANNOT_LOAD
                continue
            _tell(f"Worker {pid} {_ending(code)}; starting a replacement.")
            short_lived = time.monotonic() - worker.started < SHORT_LIFE
            self.waiting[worker.place] = time.monotonic() + (SHORT_LIFE if short_lived else 0)

    def _replace(self) -> None:
        due = [place for place, when in self.waiting.items() if when <= time.monotonic()]
        for place in due:
            del self.waiting[place]
            self.start(place)

    def signal_all(self, signum: int) -> None:
        """Send a signal to every worker."""
        for pid in self.workers:
            os.kill(pid, signum)


def _ending(code: int) -> str:
    """How a process ended, in words; `code` is what `os.waitstatus_to_exitcode` makes of its status."""
    if code >= 0:
        return f"exited with status {code}"
    try:
        return f"was killed by {signal.Signals(-code).name}"
    except ValueError:
        return f"was killed by signal {-code}"


def _tell(text: str) -> None:
    sys.stderr.write(f"{text}\n")
    sys.stderr.flush()


def _beat(pulse: int) -> None:
    """Write a byte each second, for as long as Python gets to run."""
    while True:
        try:
            os.write(pulse, b".")
        except OSError:
            # The parent is gone: nobody would replace, stop or restart us any more.
            os.kill(os.getpid(), signal.SIGTERM)
            return
        time.sleep(1)


def supervise(app: str, settings: ServerSettings, address: Address, listeners: list[socket.socket]) -> t.NoReturn:
    """Run `settings.workers` processes on `listeners` until a signal ends them, then exit."""
    supervisor = _Supervisor(app, settings, address, listeners)
    reading, writing = os.pipe()
    os.set_blocking(writing, False)
    signal.set_wakeup_fd(writing)

    def stop(signum: int, frame: FrameType | None) -> None:
        if supervisor.stopping is not None:
            # A second signal: no waiting any more.
            supervisor.signal_all(signal.SIGKILL)
        supervisor.stopping = signum

    signal.signal(signal.SIGTERM, stop)
    signal.signal(signal.SIGINT, stop)
    signal.signal(signal.SIGCHLD, lambda signum, frame: None)
    supervisor.run(reading)
    address.clean_up()
    sys.exit(supervisor.status)
