"""A client that sends bytes as they are given and reads answers off the wire, without forgiving anything."""

from __future__ import annotations

import contextlib
import socket
import typing as t
from collections.abc import Iterator
from dataclasses import dataclass

PATIENCE = 10.0


@dataclass(frozen=True)
class Answer:
    """One answer; `headers` keep order and spelling."""

    line: str
    headers: list[tuple[str, str]]
    body: bytes

    @property
    def status(self) -> int:
        return int(self.line.split(" ")[1])

    def all(self, name: str) -> list[str]:
        """Return the values of every header with this name."""
        return [value for key, value in self.headers if key.lower() == name.lower()]


class Wire:
    """A connection."""

    def __init__(self, port: int, **options: t.Any) -> None:
        self.socket = socket.create_connection(("127.0.0.1", port), PATIENCE, **options)
        self.received = b""

    @classmethod
    def with_small_buffer(cls, port: int) -> Wire:
        """Return a connection whose client's side has room for next to nothing."""
        wire = cls.__new__(cls)
        wire.socket, wire.received = socket.socket(), b""
        wire.socket.settimeout(PATIENCE)
        # Before connecting: later it counts for less.
        wire.socket.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        wire.socket.connect(("127.0.0.1", port))
        return wire

    def send(self, data: bytes) -> None:
        self.socket.sendall(data)

    def _receive(self) -> bool:
        data = self.socket.recv(65536)
        self.received += data
        return bool(data)

    def take(self, size: int) -> bytes:
        """Return exactly so many bytes."""
        while len(self.received) < size:
            assert self._receive(), f"closed after {self.received!r}"
        taken, self.received = self.received[:size], self.received[size:]
        return taken

    def take_until(self, mark: bytes) -> bytes:
        """Return what comes before `mark`, and drop the mark."""
        while mark not in self.received:
            assert self._receive(), f"closed after {self.received!r}"
        taken, _, self.received = self.received.partition(mark)
        return taken

    def rest(self) -> bytes:
        """Return everything until the server closes; a reset is a failure."""
        while self._receive():
            pass
        taken, self.received = self.received, b""
        return taken

    def answer(self, to_head: bool = False) -> Answer:
        """Read one answer, framed as its headers say."""
        head = self.take_until(b"\r\n\r\n").decode("latin-1")
        assert "\n" not in head.replace("\r\n", ""), head
        line, *fields = head.split("\r\n")
        headers = [tuple(field.split(": ", 1)) for field in fields]
        empty = Answer(line, t.cast("list[tuple[str, str]]", headers), b"")
        bodyless = to_head or empty.status in {204, 304} or empty.status < 200
        return empty if bodyless else Answer(line, empty.headers, self._body(empty))

    def _body(self, head: Answer) -> bytes:
        coding, length = head.all("Transfer-Encoding"), head.all("Content-Length")
        assert not (coding and length), head
        if length:
            return self.take(int(length[0]))
        return b"".join(self._chunks()) if coding == ["chunked"] else self.rest()

    def _chunks(self) -> Iterator[bytes]:
        while size := int(self.take_until(b"\r\n"), 16):
            yield self.take(size)
            assert self.take(2) == b"\r\n"
        assert self.take(2) == b"\r\n"

    def closed(self) -> bool:
        """Wait for the server to close; False if it says something instead."""
        with contextlib.suppress(ConnectionResetError):
            return not self.received and self.socket.recv(1) == b""
        return True

    def close(self) -> None:
        self.socket.close()

    def __del__(self) -> None:
        # Tests may forget their connections.
        self.close()
