"""The options of `ferroflask serve`, as plain values."""

from __future__ import annotations

import dataclasses
import typing as t

if t.TYPE_CHECKING:
    import socket

    from ferroflask.dev_server.server import ServerSettings

    from .bind import Address


@dataclasses.dataclass(frozen=True)
class Plan:
    """The command's options, under their names there. Times are in seconds, sizes in bytes."""

    app: str
    workers: int
    threads: int
    timeout: float
    graceful_timeout: float
    keep_alive: float
    header_timeout: float
    body_timeout: float
    write_timeout: float
    limit_request_line: int
    limit_request_fields: int
    limit_request_head: int
    access_log: bool
    switch_interval: float | None

    def summary(self) -> str:
        """How many processes and threads, in words."""
        processes = "1 process" if self.workers == 1 else f"{self.workers} processes"
        threads = "1 thread, one request at a time" if self.threads == 1 else f"up to {self.threads} threads"
        return f"{processes} with {threads}{' each' if self.workers > 1 else ''}"

    def settings(self, listener: socket.socket, address: Address) -> ServerSettings:
        """The settings of one process's server."""
        from ferroflask.dev_server.server import server_settings

        settings = server_settings(listener, address.host, address.port)
        settings["threads"] = self.threads
        settings["multiprocess"] = self.workers > 1
        settings["access_log"] = "lines" if self.access_log else "off"
        settings["timeouts"] = {
            "first_byte": self.header_timeout,
            "head": self.header_timeout,
            "body_idle": self.body_timeout,
            "write_idle": self.write_timeout,
            "keep_alive": self.keep_alive,
        }
        settings["limits"] = {
            "request_line": self.limit_request_line,
            "header_fields": self.limit_request_fields,
            "head_bytes": self.limit_request_head,
        }
        return settings
