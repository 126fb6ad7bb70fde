"""The settings of a server: one row each, with its default and, where `ferroflask serve` has an option for it, the
option's help. Times are in seconds, sizes in bytes; a time of 0 is for ever.

`src/server/settings.rs` reads the rows that the Rust server needs, by name. Must not know how a command line is parsed.
"""

from __future__ import annotations

import dataclasses
import socket
import typing as t

if t.TYPE_CHECKING:
    from typing_extensions import Self


def option(kind: str, default: object, help: str, *short: str) -> t.Any:
    """Return the field of a setting that is an option of the same name; `kind` names a type in `cli/options.py`."""
    return dataclasses.field(default=default, metadata={"kind": kind, "help": help, "short": short})


@dataclasses.dataclass(frozen=True, kw_only=True)
class ServerSettings:
    """What the command line of `ferroflask serve` says, and what `ferroflask._core.Server` reads."""

    bind: str = option("text", "127.0.0.1:8000", "HOST:PORT, unix:PATH or fd://NUMBER.", "-b")
    workers: int = option("count", 1, "Number of processes.", "-w")
    threads: int = option(
        "count",
        64,
        "Maximum number of Python threads per process. They are started as needed; 1 runs one request at a time.",
    )
    timeout: float = option(
        "seconds",
        30,
        "Seconds after which a worker that runs no Python code is killed and replaced; 0 turns this off."
        " Only with more than one worker.",
        "-t",
    )
    graceful_timeout: float = option(
        "seconds", 30, "Seconds that requests in progress have to finish when the server shuts down."
    )
    keep_alive: float = option("seconds", 75, "Seconds that an idle connection is kept open.")
    header_timeout: float = option("seconds", 15, "Seconds in which the headers of a request have to arrive.")
    # Bodies must also come at 1 kB/s on the whole once this time is over.
    body_timeout: float = option("seconds", 30, "Seconds to wait for the next piece of a request body.")
    write_timeout: float = option("seconds", 60, "Seconds to wait for a client that takes nothing of its answer.")
    limit_request_line: int = option("count", 8 * 1024, "Maximum length of the request line, in bytes.")
    limit_request_fields: int = option("count", 100, "Maximum number of header fields of a request.")
    limit_request_head: int = option("count", 64 * 1024, "Maximum size of all headers of a request, in bytes.")
    access_log: t.Literal["off", "calls", "lines"] = option(
        "lines", "off", "Write a line per request to standard output."
    )
    switch_interval: float | None = option(
        "interval",
        None,
        "Seconds that a thread may run Python code while others wait for it. [default: 0.0005]",
    )
    gc_freeze: bool = option(
        "switch", True, "Leave the objects that exist once the application is loaded out of garbage collections."
    )

    #: File descriptor of a bound, listening socket, which is duplicated; whether it is a Unix socket.
    fd: int = -1
    unix: bool = False
    #: SERVER_NAME and SERVER_PORT.
    host: str = ""
    port: int = 0
    #: Entries that every WSGI environ gets besides.
    environ: dict[str, t.Any] | None = None
    #: Paths as Werkzeug's server has them: one leading slash, and U+FFFD for what is not UTF-8.
    development: bool = False

    def on(self, listener: socket.socket, host: str, port: int) -> Self:
        """Return these settings for a listening socket."""
        unix = listener.family == getattr(socket, "AF_UNIX", None)
        return dataclasses.replace(self, fd=listener.fileno(), unix=unix, host=host, port=port)
