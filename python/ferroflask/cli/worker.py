"""One serving process, from the loaded application to its last request. Must not know about other processes."""

from __future__ import annotations

import atexit
import gc
import logging
import os
import signal
import threading
import typing as t

from ferroflask._core import Server
from ferroflask.dev_server.server import leave_process, short_switch_interval

if t.TYPE_CHECKING:
    import socket

    from _typeshed.wsgi import WSGIApplication

    from ferroflask.dev_server.settings import ServerSettings

    from .bind import Address

logger = logging.getLogger("ferroflask.server")


class LoggerLog:
    """Logs what went wrong to the standard logger ``ferroflask.server``."""

    def request(self, peer: str | None, method: str, target: str, version: str, status: int) -> None:
        """Log an answered request."""
        logger.info("%s %s %s %s", peer or "-", method, target, status)

    def refused(self, peer: str | None, status: int, message: str, line: str) -> None:
        """Log a request that the application never saw."""
        logger.warning("%s refused with %d, %s: %r", peer or "-", status, message, line)

    def failed(self, error: BaseException) -> None:
        """Log an exception raised by the body of an answer."""
        logger.error("Error while sending an answer", exc_info=error)


class _Wakeups:
    """A pipe that ends the main thread's wait: one byte per event, the signal's number or `STOPPED`.

    Python's signal machinery writes to it itself, whichever thread was interrupted; handlers that raised could do
    so anywhere.
    """

    STOPPED = 0

    def __init__(self) -> None:
        self._reading, self._writing = os.pipe()
        os.set_blocking(self._writing, False)
        signal.set_wakeup_fd(self._writing, warn_on_full_buffer=False)
        for signum in (signal.SIGTERM, signal.SIGINT):
            signal.signal(signum, lambda signum, frame: None)

    def stopped(self) -> None:
        """Report that the server has stopped, from any thread."""
        os.write(self._writing, bytes([self.STOPPED]))

    def wait(self) -> int:
        """Wait for the next event."""
        while True:
            event = os.read(self._reading, 1)[0]
            if event in (self.STOPPED, signal.SIGTERM, signal.SIGINT):
                return event


def run_worker(
    settings: ServerSettings, address: Address, listener: socket.socket, application: WSGIApplication, cleans_up: bool
) -> t.NoReturn:
    """Serve until a signal comes, then end this process."""
    if settings.gc_freeze:
        # A full collection would look through all that the application has imported, while every request waits.
        gc.collect()
        gc.freeze()
    server = Server(application, LoggerLog(), settings.on(listener, address.host, address.port))
    wakeups = _Wakeups()
    with short_switch_interval(settings.switch_interval):
        server.start()
        grace = settings.graceful_timeout if wakeups.wait() == signal.SIGTERM else 0.0
        threading.Thread(target=_stop, args=(server, grace, wakeups), daemon=True).start()
        # It has stopped, or a second signal says that nobody wants to wait for it.
        wakeups.wait()
    if cleans_up:
        address.clean_up()
    # Threads may still be inside views, which the end of the interpreter would crash.
    leave_process(0, finish=atexit._run_exitfuncs)


def _stop(server: Server, grace: float, wakeups: _Wakeups) -> None:
    server.stop(grace)
    wakeups.stopped()
