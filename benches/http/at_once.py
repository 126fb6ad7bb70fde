"""Many connections that ask at the same moment, each once: how long until the last one is answered."""

from __future__ import annotations

import selectors
import socket
import time

__all__ = ["seconds_until_all_are_served"]


def seconds_until_all_are_served(port: int, path: str, count: int, ends_with: bytes, timeout: float) -> float:
    """Open `count` connections, ask on all of them, return the seconds until each answer ended with `ends_with`.

    Raises TimeoutError after `timeout` seconds; ConnectionError when the server hangs up instead.
    """
    question = f"GET {path} HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\n\r\n".encode()
    connections: list[socket.socket] = []
    try:
        for _ in range(count):
            connections.append(socket.create_connection(("127.0.0.1", port), timeout))
        return _ask_all(connections, question, ends_with, timeout)
    finally:
        for connection in connections:
            connection.close()


def _ask_all(connections: list[socket.socket], question: bytes, ends_with: bytes, timeout: float) -> float:
    answers = dict.fromkeys(connections, b"")
    with selectors.DefaultSelector() as selector:
        started = time.monotonic()
        for connection in connections:
            connection.sendall(question)
            connection.setblocking(False)
            selector.register(connection, selectors.EVENT_READ, connection)
        while selector.get_map():
            left = started + timeout - time.monotonic()
            if left <= 0:
                waiting = len(selector.get_map())
                raise TimeoutError(f"{waiting} of {len(connections)} were not answered in {timeout:.0f} s")
            for key, _ in selector.select(left):
                answering: socket.socket = key.data
                piece = answering.recv(65536)
                if not piece:
                    raise ConnectionError("the server closed a connection without an answer")
                answers[answering] += piece
                if answers[answering].endswith(ends_with):
                    selector.unregister(answering)
        return time.monotonic() - started
