"""From ``--bind`` to listening sockets. Must not know who serves on them."""

from __future__ import annotations

import contextlib
import errno
import os
import socket
import stat

#: Connections that may wait to be accepted.
BACKLOG = 2048

#: What to do when an address can't be bound, by the number of the error.
ADVICE = {
    errno.EADDRINUSE: "Stop the program that listens there, or choose another --bind.",
    errno.EADDRNOTAVAIL: "This machine has no such address: choose one of its own, or 0.0.0.0 for all of them.",
    errno.EACCES: "This user may not bind it: choose a port from 1024 on, or a folder that the user may write to.",
    errno.ENOENT: "Create the folder first, or choose another --bind.",
    socket.EAI_NONAME: "Check the name of the host, or write its IP address.",
    errno.EBADF: "Pass the number of an open, listening socket.",
    errno.ENOTSOCK: "Pass the number of an open, listening socket.",
}


class BadAddress(Exception):
    """The address can't be understood or bound; the message is for the user."""


class Address:
    """What ``--bind`` said: ``HOST:PORT``, ``HOST``, ``[IPV6]:PORT``, ``:PORT``, ``unix:PATH`` or ``fd://NUMBER``."""

    def __init__(self, text: str) -> None:
        self.host, self.port, self.path, self.fd = "127.0.0.1", 8000, "", -1
        if text.startswith("unix:"):
            self.path = text.removeprefix("unix:").removeprefix("//")
        elif text.startswith("fd://"):
            self.fd = _number(text.removeprefix("fd://"), text)
        else:
            host, colon, port = text.rpartition(":")
            if not colon or (":" in host and not host.startswith("[")) or port.endswith("]"):
                host, port = text, ""
            self.host = host.strip("[]") or "0.0.0.0"
            self.port = _number(port, text) if port else self.port

    def open(self, copies: int) -> list[socket.socket]:
        """Return a listening socket per process. Several share a TCP port, so that each process has its own queue.

        :raises BadAddress: the address can't be bound.
        """
        try:
            if self.fd >= 0:
                return [self._inherit()] * copies
            if self.path:
                return [_listen_unix(self.path)] * copies
            return self._listen_tcp(copies)
        except OSError as error:
            reason = error.strerror or str(error)
            advice = ADVICE.get(error.errno, "Choose another --bind.") if error.errno else "Choose another --bind."
            raise BadAddress(f"{self} can't be bound: {reason}. {advice}") from None

    def _inherit(self) -> socket.socket:
        listener = socket.socket(fileno=self.fd)
        name = listener.getsockname()
        if isinstance(name, tuple):
            self.host, self.port = name[:2]
        return listener

    def _listen_tcp(self, copies: int) -> list[socket.socket]:
        family, kind, protocol, _, address = socket.getaddrinfo(
            self.host, self.port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE
        )[0]
        # Without SO_REUSEPORT first: with it, a port that another server shares would not be noticed as taken.
        first = _bound(family, kind, protocol, address, shared=False)
        self.port = first.getsockname()[1]
        if copies == 1:
            first.listen(BACKLOG)
            return [first]
        address = (address[0], self.port, *address[2:])
        first.close()
        listeners = [_bound(family, kind, protocol, address, shared=True) for _ in range(copies)]
        for listener in listeners:
            listener.listen(BACKLOG)
        return listeners

    def clean_up(self) -> None:
        """Remove the socket file, if there is one."""
        if self.path:
            with contextlib.suppress(OSError):
                os.unlink(self.path)

    def __str__(self) -> str:
        if self.fd >= 0:
            return f"fd://{self.fd}"
        if self.path:
            return f"unix:{self.path}"
        host = f"[{self.host}]" if ":" in self.host else self.host
        return f"http://{host}:{self.port}"


def _number(digits: str, text: str) -> int:
    if not digits.isdecimal() or int(digits) > 65535:
        raise BadAddress(f"{text!r} is not a valid address. Write HOST:PORT, unix:PATH or fd://NUMBER.")
    return int(digits)


def _bound(family: int, kind: int, protocol: int, address: tuple[object, ...], shared: bool) -> socket.socket:
    listener = socket.socket(family, kind, protocol)
    try:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        if shared:
            listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT, 1)
        listener.bind(address)
    except BaseException:
        listener.close()
        raise
    return listener


def _listen_unix(path: str) -> socket.socket:
    # A socket file that its server left behind would be in the way for ever.
    if os.path.exists(path) and stat.S_ISSOCK(os.stat(path).st_mode):
        os.unlink(path)
    listener = socket.socket(socket.AF_UNIX)
    try:
        listener.bind(path)
        listener.listen(BACKLOG)
    except BaseException:
        listener.close()
        raise
    return listener
