"""Applications with few rules and many, few hooks and many, and sessions of two sizes."""

from __future__ import annotations

from ..asking import Request
from ..measures import CpuPerRequest
from ..stages import Stage

__all__ = ["ABOUT", "STAGES", "TITLE"]

TITLE = "Small applications and large ones"
ABOUT = """The request for one of many rules is for the one added last, which has two values in its path. A hook is an
empty `before_request` and an empty `after_request` function. The session is read, changed and written; it is what its
JSON measures, before signing."""


def routes(count: int) -> Stage:
    measure = CpuPerRequest(f"last of {count} rules", Request(f"/r{count - 1}/7/x/abc"))
    return Stage("scaled:app", (measure,), {"BENCH_ROUTES": str(count)})


def hooks(count: int) -> Stage:
    return Stage("scaled:app", (CpuPerRequest(f"{count} hooks", Request("/")),), {"BENCH_HOOKS": str(count)})


def session(title: str, size: int) -> CpuPerRequest:
    return CpuPerRequest(f"session of {title}", Request("/visits", log_in=f"/log-in/{size}"))


STAGES = (
    routes(10),
    routes(200),
    routes(5000),
    hooks(0),
    hooks(10),
    hooks(50),
    Stage("scaled:app", (session("40 bytes", 0), session("4 kB", 4000))),
)
