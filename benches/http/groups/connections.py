"""The same works with few connections and with many."""

from __future__ import annotations

from ..asking import Request
from ..measures import CpuPerRequest
from ..stages import Stage
from .works import FORM

__all__ = ["ABOUT", "STAGES", "TITLE"]

TITLE = "Few connections and many"
ABOUT = """With one connection the server sleeps and wakes for every request, which is most of what it costs then, and
the median latency is what a lone client sees. *Without a framework* is the bare WSGI callable."""

COUNTS = (1, 32, 256)
WORKS = {
    "hello": Request("/"),
    "JSON out": Request("/json"),
    "form": Request("/register", "POST", b"name=ada&password=123&fav=a&fav=b", FORM),
    "session, read and write": Request("/visits", log_in="/log-in"),
}


def with_connections(name: str, request: Request, count: int) -> CpuPerRequest:
    title = f"{name}, {count} connection{'s' * (count > 1)}"
    return CpuPerRequest(title, request, count, latency=count == 1)


STAGES = (
    Stage(
        "works:app",
        tuple(with_connections(name, request, count) for name, request in WORKS.items() for count in COUNTS),
    ),
    Stage(
        "plain_wsgi:app",
        tuple(with_connections("without a framework", Request("/"), count) for count in COUNTS),
        which="",
    ),
)
