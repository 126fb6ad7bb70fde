"""The development server behind `app.run()` and `flask run`, and what it shares with `ferroflask serve`.

Sockets are served by `ferroflask._core.Server`; binding, start-up lines, reloader and debugger are Werkzeug's pieces.
It must not know about Flask: the application is any WSGI callable.
"""

from __future__ import annotations

import atexit
import logging
import os
import signal
import sys
import threading
import typing as t
from contextlib import contextmanager, suppress

import werkzeug.serving
from werkzeug._internal import _log
from werkzeug.serving import BaseWSGIServer, WSGIRequestHandler

from .._core import Server
from ..legacy.werkzeug.server_shutdown import environ_of
from .settings import ServerSettings

if t.TYPE_CHECKING:
    import ssl
    from collections.abc import Callable, Iterable, Iterator

    from _typeshed.wsgi import WSGIApplication

    SSLContext = ssl.SSLContext | tuple[str, str | None] | t.Literal["adhoc"]

#: Seconds that requests in progress get when one of them stops the server.
LAST_ANSWERS = 5.0

#: Seconds after which Ctrl-C is noticed at the latest.
SIGNAL_PATIENCE = 0.2

#: Seconds a thread may hold the GIL while others want it. Python's own 5 ms make short requests queue behind long ones.
SWITCH_INTERVAL = 0.0005


class ServerLog(t.Protocol):
    """The log of a server; it is called from the server's threads. `peer` is None on Unix sockets."""

    def request(self, peer: str | None, method: str, target: str, version: str, status: int) -> None:
        """The application has answered. Only called when `access_log` is "calls"."""

    def refused(self, peer: str | None, status: int, message: str, line: str) -> None:
        """The application never saw this request; `line` is its first line, or what of it had come."""

    def failed(self, error: BaseException) -> None:
        """The body of an answer raised an exception, or its headers can't be sent."""


@contextmanager
def short_switch_interval(seconds: float | None = None) -> Iterator[None]:
    """Hand the GIL over more often inside the block. Without `seconds`, an interval that the user has chosen stays."""
    before = sys.getswitchinterval()
    if seconds is None:
        seconds = SWITCH_INTERVAL if abs(before - 0.005) < 1e-6 else before
    sys.setswitchinterval(seconds)
    try:
        yield
    finally:
        sys.setswitchinterval(before)


class DevelopmentLog:
    """Logs requests through Werkzeug's logger, in Werkzeug's words and colours."""

    def request(self, peer: str | None, method: str, target: str, version: str, status: int) -> None:
        """Log a request that the application has answered."""
        line = self._line(peer, f"{method} {target} {version}")
        line.command, line.path, line.request_version = method, target, version
        line.log_request(status)

    def refused(self, peer: str | None, status: int, message: str, line: str) -> None:
        """Log a request that the application never saw."""
        refused = self._line(peer, line)
        refused.log_error("code %d, message %s", status, message)
        refused.log_request(status)

    def failed(self, error: BaseException) -> None:
        """Log an exception raised by the body of an answer."""
        from werkzeug.debug.tbtools import DebugTraceback

        _log("error", f"Error on request:\n{DebugTraceback(error).render_traceback_text()}")

    @staticmethod
    def _line(peer: str | None, requestline: str) -> WSGIRequestHandler:
        # A handler without a connection: only its way to write log lines is wanted.
        handler = WSGIRequestHandler.__new__(WSGIRequestHandler)
        handler.client_address = (peer or "<local>", 0)
        handler.requestline = requestline
        return handler


class _Serving:
    """One run of the Rust server on the socket of a Werkzeug server object that only binds and announces."""

    def __init__(self, binder: BaseWSGIServer, application: WSGIApplication, threaded: bool) -> None:
        self.binder = binder
        self._stopping = threading.Event()
        # A path on Unix sockets, which have no port.
        address: object = binder.server_address
        host, port = address[:2] if isinstance(address, tuple) else (address, 0)
        threads = ServerSettings.threads if threaded else 1
        environ = environ_of(self.stop)
        settings = ServerSettings(threads=threads, access_log="calls", environ=environ, development=True)
        log: ServerLog = DevelopmentLog()
        self.server = Server(application, log, settings.on(binder.socket, str(host), int(port)))

    def serve_forever(self) -> None:
        """Serve until Ctrl-C or `stop`, or until the process ends when this is not the main thread."""
        try:
            with short_switch_interval(), stopped_at_exit(self.server):
                self.server.start()
                # A signal may be taken by a thread of the server; only a wait that ends is sure to see it.
                while not self._stopping.wait(SIGNAL_PATIENCE):
                    pass
                # The request that ended the server is answered first.
                self.server.stop(LAST_ANSWERS)
        except KeyboardInterrupt:
            pass
        finally:
            self.close()

    def stop(self) -> None:
        """Make `serve_forever` return. Under the reloader, which is another thread, interrupt the process."""
        self._stopping.set()
        if werkzeug.serving.is_running_from_reloader():
            os.kill(os.getpid(), signal.SIGINT)

    def close(self) -> None:
        """End at once, requests in progress included, and give the port back."""
        self.server.stop(0)
        self.binder.server_close()


def run_simple(
    hostname: str,
    port: int,
    application: WSGIApplication,
    use_reloader: bool = False,
    use_debugger: bool = False,
    use_evalex: bool = True,
    extra_files: Iterable[str] | None = None,
    exclude_patterns: Iterable[str] | None = None,
    reloader_interval: int = 1,
    reloader_type: str = "auto",
    threaded: bool = False,
    processes: int = 1,
    request_handler: type[WSGIRequestHandler] | None = None,
    static_files: dict[str, str | tuple[str, str]] | None = None,
    passthrough_errors: bool = False,
    ssl_context: SSLContext | None = None,
) -> None:
    """Serve `application` for development until Ctrl-C, as `werkzeug.serving.run_simple` would.

    `port` 0 picks a free one, a `hostname` that begins with ``unix://`` is a socket file. Without `threaded`, requests
    are run one at a time. TLS, processes, request handlers of your own and `passthrough_errors` are served by Werkzeug.

    :raises TypeError: `port` is not an integer.
    :raises SystemExit: the address can't be bound; the reason was printed.
    """
    if ssl_context is not None or processes > 1 or request_handler is not None or passthrough_errors:
        werkzeug.serving.run_simple(
            hostname,
            port,
            application,
            use_reloader=use_reloader,
            use_debugger=use_debugger,
            use_evalex=use_evalex,
            extra_files=extra_files,
            exclude_patterns=exclude_patterns,
            reloader_interval=reloader_interval,
            reloader_type=reloader_type,
            threaded=threaded,
            processes=processes,
            request_handler=request_handler,
            static_files=static_files,
            passthrough_errors=passthrough_errors,
            ssl_context=ssl_context,
        )
        return
    if not isinstance(port, int):
        raise TypeError("port must be an integer")

    application = _wrapped(application, hostname, static_files, use_debugger, use_evalex)
    serving = _bind(hostname, port, application, threaded)
    if not use_reloader:
        serving.serve_forever()
        return

    from werkzeug._reloader import run_with_reloader

    from .reloader import use_own_watchdog_loop

    use_own_watchdog_loop()
    watched = {"extra_files": extra_files, "exclude_patterns": exclude_patterns}
    try:
        run_with_reloader(serving.serve_forever, interval=reloader_interval, reloader_type=reloader_type, **watched)
    except SystemExit as leaving:
        serving.close()
        if Server.threads_alive():
            # A view that is still running would crash the interpreter while it is taken down.
            leave_process(leaving.code)
        raise
    finally:
        serving.close()


def _wrapped(
    application: WSGIApplication,
    hostname: str,
    static_files: dict[str, str | tuple[str, str]] | None,
    use_debugger: bool,
    use_evalex: bool,
) -> WSGIApplication:
    """Put Werkzeug's middleware for files and for debugging round the application, as the arguments say."""
    if static_files:
        from werkzeug.middleware.shared_data import SharedDataMiddleware

        application = SharedDataMiddleware(application, static_files)
    if use_debugger:
        from werkzeug.debug import DebuggedApplication

        debugged = DebuggedApplication(application, evalex=use_evalex)
        # Beside localhost, the name that the user serves under may use the debugger.
        debugged.trusted_hosts.append(hostname)
        application = debugged
    return application


def _bind(hostname: str, port: int, application: WSGIApplication, threaded: bool) -> _Serving:
    """Bind, or take over the socket of the process that restarts us, and announce the server once."""
    restarted = werkzeug.serving.is_running_from_reloader()
    inherited = int(os.environ["WERKZEUG_SERVER_FD"]) if restarted else None
    binder = werkzeug.serving.make_server(hostname, port, application, threaded, fd=inherited)
    binder.socket.set_inheritable(True)
    os.environ["WERKZEUG_SERVER_FD"] = str(binder.fileno())
    if not restarted:
        binder.log_startup()
        _log("info", werkzeug.serving._ansi_style("Press CTRL+C to quit", "yellow"))
    return _Serving(binder, application, threaded)


_running: set[Server] = set()


@contextmanager
def stopped_at_exit(server: Server) -> Iterator[None]:
    """Make sure that `server` is stopped when the interpreter ends inside the block."""
    _running.add(server)
    try:
        yield
    finally:
        _running.discard(server)


@atexit.register
def _end_servers() -> None:
    for server in list(_running):
        server.stop(0)
    if Server.threads_alive():
        leave_process(0)


def leave_process(code: object, finish: Callable[[], object] = logging.shutdown) -> t.NoReturn:
    """End the process without taking the interpreter down, which threads inside views do not survive.

    `code` is what `sys.exit` takes; `finish` is called first.
    """
    if code is not None and not isinstance(code, int):
        sys.stderr.write(f"{code}\n")
        code = 1
    finish()
    for stream in (sys.stdout, sys.stderr):
        if stream is not None:
            with suppress(OSError, ValueError):
                stream.flush()
    os._exit(code or 0)
