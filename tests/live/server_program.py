"""The WSGI application of the server tests, one path per behaviour. Plain WSGI: nothing stands before the server."""

from __future__ import annotations

import functools
import gc
import os
import sys
import threading
import time
import typing as t
import urllib.request
from collections.abc import Callable, Iterable, Iterator
from urllib.parse import unquote

Start = Callable[..., t.Any]
Environ = dict[str, t.Any]

FACTS = ("REMOTE_ADDR", "SERVER_NAME", "SERVER_PORT", "SERVER_PROTOCOL", "wsgi.multithread", "wsgi.multiprocess")
TEXT = ("Content-Type", "text/plain")


def tell(text: str) -> None:
    print(text, flush=True)


def text(start: Start, body: str, status: str = "200 OK", *headers: tuple[str, str]) -> list[bytes]:
    data = body.encode()
    start(status, [TEXT, ("Content-Length", str(len(data))), *headers])
    return [data]


class Stream:
    """An iterable of `pieces` that says when it is closed, and on which thread."""

    def __init__(self, name: str, pieces: Iterable[bytes]) -> None:
        self.name, self.pieces, self.thread = name, iter(pieces), threading.get_ident()

    def __iter__(self) -> Iterator[bytes]:
        return self

    def __next__(self) -> bytes:
        return next(self.pieces)

    def close(self) -> None:
        same = threading.get_ident() == self.thread
        tell(f"closed {self.name} on {'its own' if same else 'another'} thread")


def failing(after: int) -> Iterator[bytes]:
    yield from [b"piece"] * after
    raise RuntimeError("the stream broke")


def endless(pause: float) -> Iterator[bytes]:
    while True:
        yield b"x" * 1000
        time.sleep(pause)


@functools.cache
def large() -> bytes:
    """Return the one large object that is sent again and again."""
    return b"x" * 20_000_000


def large_pieces(size: int) -> Iterator[bytes]:
    while True:
        yield os.urandom(1000) * (size // 1000)


class Marked(bytes):
    """Bytes that say when nothing refers to them any more."""

    def __del__(self) -> None:
        tell(f"released {len(self)}")


# One release for each stream that waits at `/quiet-stream`.
noises = threading.Semaphore(0)


def quiet() -> Iterator[bytes]:
    yield b"first"
    if noises.acquire(timeout=60):
        yield b"second"


def mirrored(source: t.Any) -> Iterator[bytes]:
    while line := source.readline():
        yield line.upper()


def itself(port: str) -> str:
    """Ask this very server, as some applications do."""
    with urllib.request.urlopen(f"http://127.0.0.1:{port}/self", timeout=5) as answer:
        return str(answer.read().decode())


def compute() -> None:
    while True:
        pass


active: list[int] = []

# One release for each view that waits at `/nap`.
wakes = threading.Semaphore(0)


def counted() -> int:
    """Return how many requests ran at the same time as this one."""
    active.append(1)
    most = 0
    for _ in range(20):
        most = max(most, len(active))
        time.sleep(0.005)
    active.pop()
    return most


def app(environ: Environ, start: Start) -> Iterable[bytes]:
    path = environ["PATH_INFO"]
    query = environ["QUERY_STRING"]
    source = environ["wsgi.input"]
    if path == "/hello":
        return text(start, "hello")
    if path == "/method":
        return text(start, f"{environ['REQUEST_METHOD']} {query}")
    if path == "/echo":
        return text(start, source.read().decode("latin-1"))
    if path == "/size":
        return text(start, str(len(source.read())))
    if path == "/facts":
        return text(start, " ".join(str(environ[name]) for name in FACTS))
    if path == "/headers":
        odd = [("x-lower", "1"), ("X-ODD-case", "2"), ("Server", "mine"), ("Date", "now")]
        return text(start, "", "200 Fine by me", *odd)
    if path == "/status":
        start(f"{query} STATUS", [TEXT])
        return []
    if path == "/close":
        return text(start, "bye", "200 OK", ("Connection", "close"))
    if path == "/promises":
        start("200 OK", [TEXT, ("Content-Length", query)])
        return [b"12345"]
    if path == "/header":
        name, _, value = unquote(query, "latin-1").partition("=")
        return text(start, "ok", "200 OK", (name, value))
    if path == "/reason":
        return text(start, "ok", f"200 {unquote(query, 'latin-1')}")
    if path == "/injected":
        return text(start, "", "200 OK", ("X-Bad", "a\r\nSet-Cookie: b"))
    if path == "/sleep":
        tell("sleeping")
        time.sleep(float(query))
        return text(start, "slept")
    if path.startswith("/nap/"):
        if query != "until-woken":
            time.sleep(0)
        elif not wakes.acquire(timeout=60):
            return text(start, "overslept")
        return text(start, "slept")
    if path == "/wake":
        wakes.release()
        return text(start, "woken")
    if path == "/compute":
        threading.Thread(target=compute, daemon=True).start()
        return text(start, "computes")
    if path == "/pid":
        return text(start, str(os.getpid()))
    if path == "/frozen":
        return text(start, str(gc.get_freeze_count() > 0))
    if path == "/die":
        os._exit(9)
    if path == "/self":
        return text(start, itself(environ["SERVER_PORT"]) if query else "itself")
    if path == "/counted":
        return text(start, str(counted()))
    if path == "/environ-stream":
        start("200 OK", [TEXT])
        return Stream("facts", [b"a", b"", b"bc"])
    if path == "/length-stream":
        start("200 OK", [TEXT, ("Content-Length", query)])
        return Stream("length", [b"abc", b"def"])
    if path == "/empty-stream":
        start("200 OK", [TEXT])
        return Stream("empty", [])
    if path == "/broken-stream":
        start("200 OK", [TEXT])
        return Stream("broken", failing(int(query)))
    if path == "/endless":
        start("200 OK", [TEXT])
        return Stream("endless", endless(float(query)))
    if path == "/bodyless-stream":
        start(f"{query} STATUS", [TEXT])
        return Stream("bodyless", [b"never"] * 3)
    if path == "/unsendable-stream":
        start("200 OK", [TEXT, ("X Y", "z")])
        return Stream("unsendable", [b"never"] * 3)
    if path == "/sometimes":
        if not query:
            return text(start, "short")
        start("200 OK", [TEXT])
        return Stream("sometimes", failing(int(query)))
    if path == "/unstarted":
        # None of them ever calls `start`.
        pieces: dict[str, Iterable[t.Any]] = {"raises": failing(0), "text": ["text"], "nothing": [], "empty": [b""]}
        return Stream(query, pieces[query])
    if path.startswith("/raises"):
        raise LookupError("the application failed")
    if path == "/large":
        start("200 OK", [TEXT])
        return [large()]
    if path == "/large-stream":
        start("200 OK", [TEXT])
        return Stream("large", large_pieces(int(query)))
    if path == "/marked":
        start("200 OK", [TEXT])
        return [Marked(b"m" * int(query))]
    if path == "/quiet-stream":
        start("200 OK", [TEXT])
        return Stream("quiet", quiet())
    if path == "/noise":
        noises.release()
        return text(start, "made")
    if path == "/mirror":
        start("200 OK", [TEXT])
        return Stream("mirror", mirrored(source))
    return text(start, path, "404 NOT FOUND")


if __name__ == "__main__":
    from ferroflask.dev_server.server import run_simple

    reload, threaded = "--reload" in sys.argv, "--serial" not in sys.argv
    run_simple("127.0.0.1", int(sys.argv[1]), app, threaded=threaded, use_reloader=reload, reloader_type="stat")
