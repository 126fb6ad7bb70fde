"""A client that shows an answer as it stood on the wire: the order and spelling of headers, the reason phrase, what
came after the body. One connection per request. Knows nothing of Flask.
"""

from __future__ import annotations

import contextlib
import socket
from collections.abc import Sequence
from dataclasses import dataclass, replace

Headers = Sequence[tuple[str, str]]


class BrokenAnswer(Exception):
    """The server closed or sent something that is no HTTP answer."""


@dataclass(frozen=True)
class WireAnswer:
    """Status line, headers in their order, the body without its framing, and bytes that should not have come."""

    protocol: str
    status: int
    reason: str
    headers: tuple[tuple[str, str], ...]
    body: bytes
    surplus: bytes = b""

    def values(self, name: str) -> list[str]:
        """All values of a header, whatever its spelling."""
        return [value for key, value in self.headers if key.lower() == name.lower()]


def ask(
    port: int, method: str, target: str, headers: Headers = (), body: bytes = b"", timeout: float = 15.0
) -> WireAnswer:
    """Send one request to 127.0.0.1 and read its answer; `timeout` in seconds for each read."""
    lines = [f"{method} {target} HTTP/1.1", *(f"{name}: {value}" for name, value in headers), "", ""]
    with socket.create_connection(("127.0.0.1", port), timeout=timeout) as connection:
        with contextlib.suppress(BrokenPipeError, ConnectionResetError):  # refused half-way, and answered
            connection.sendall("\r\n".join(lines).encode("latin-1") + body)
        with connection.makefile("rb") as stream:
            try:
                answer = _read_answer(stream, method)
                if not _wants_close(headers):
                    return answer
                # A server that drains what a client may still send waits for the client's end first.
                with contextlib.suppress(OSError):
                    connection.shutdown(socket.SHUT_WR)
                return replace(answer, surplus=stream.read())
            except TimeoutError as silence:
                raise BrokenAnswer(f"no complete answer to {method} {target} in {timeout:g} s") from silence


def _wants_close(headers: Headers) -> bool:
    return any(name.lower() == "connection" and value.lower() == "close" for name, value in headers)


def _read_answer(stream, method: str) -> WireAnswer:  # type: ignore[no-untyped-def]
    while True:
        protocol, status, reason = _read_status(stream)
        headers = _read_headers(stream)
        if status >= 200:
            break
    bare = WireAnswer(protocol, status, reason, headers, b"")
    body = b"" if method == "HEAD" or status in {204, 304} else _read_body(stream, bare)
    return replace(bare, body=body)


def _read_status(stream) -> tuple[str, int, str]:  # type: ignore[no-untyped-def]
    line = stream.readline().decode("latin-1")
    if not line.endswith("\r\n"):
        raise BrokenAnswer(f"a status line was expected, {line!r} came")
    protocol, _, rest = line.rstrip("\r\n").partition(" ")
    code, _, reason = rest.partition(" ")
    return protocol, int(code), reason


def _read_headers(stream) -> tuple[tuple[str, str], ...]:  # type: ignore[no-untyped-def]
    found = []
    while (line := stream.readline()) not in {b"\r\n", b""}:
        name, _, value = line.decode("latin-1").rstrip("\r\n").partition(":")
        found.append((name, value.strip(" \t")))
    return tuple(found)


def _read_body(stream, head: WireAnswer) -> bytes:  # type: ignore[no-untyped-def]
    if "chunked" in "".join(head.values("Transfer-Encoding")).lower():
        return _read_chunks(stream)
    if lengths := head.values("Content-Length"):
        wanted = int(lengths[0])
        body = stream.read(wanted)
        if len(body) < wanted:
            raise BrokenAnswer(f"{wanted} bytes were promised, {len(body)} came")
        return body
    return stream.read()


def _read_chunks(stream) -> bytes:  # type: ignore[no-untyped-def]
    body = b""
    while size := int(stream.readline().split(b";")[0], 16):
        body += stream.read(size)
        stream.readline()
    while stream.readline() not in {b"\r\n", b""}:
        pass
    return body
