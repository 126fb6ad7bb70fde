"""`python -m benches.training`: asks an instrumented server for each kind of work that `benches.http` measures, and of
each size of application."""

from __future__ import annotations

import sys
from pathlib import Path

from benches.http.asking import logged_in, warm_up
from benches.http.groups import scaling, works
from benches.http.machine import cpus_to_use
from benches.http.measures import CpuPerRequest
from benches.http.server_process import ServerProcess, free_port
from benches.http.settings import APPS
from benches.http.sides import FERROFLASK
from benches.http.stages import Stage

INSTRUMENTED = Path(__file__).with_name("instrumented.py")
# Of each kind of work: thousands of requests, and of the slowest still a dozen.
SECONDS = 1.0


def train(stage: Stage) -> None:
    port = free_port()
    serve = [sys.executable, str(INSTRUMENTED), "serve", "--bind", f"127.0.0.1:{port}", stage.app]
    with ServerProcess(serve, cpus_to_use(None).both, port, APPS, {**FERROFLASK.environment(), **stage.environment}):
        for measure in stage.measures:
            if isinstance(measure, CpuPerRequest):
                warm_up(logged_in(measure.request, port), port, SECONDS)


def main() -> None:
    for stage in (*works.STAGES, *scaling.STAGES):
        train(stage)


if __name__ == "__main__":
    main()
