"""One application on one server, and the measures taken of it. A server that failed is replaced by a fresh one."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field, replace

from .asking import Request, WrongAnswer, warm_up
from .measures import Measure
from .results import Row, Sample
from .rounds import Found
from .server_process import NotStarted, ServerProcess, free_port, require_free
from .settings import APPS, Settings
from .sides import Side

__all__ = ["Stage", "chosen_rows", "measured", "rows_of"]


@dataclass(frozen=True)
class Stage:
    """An application as a server is started with it.

    `app` is MODULE:NAME in the folder of the applications, `environment` what is set for it. `threads` are Python
    threads, as many as the server likes when None. With `both_cpus` the server may also run where the load does.
    `which` is a path where the application says whose `flask` it has, empty for one without Flask.
    """

    app: str
    measures: tuple[Measure, ...]
    environment: dict[str, str] = field(default_factory=dict)
    workers: int = 1
    threads: int | None = None
    both_cpus: bool = False
    which: str = "/which"


def rows_of(stages: Sequence[Stage]) -> list[Row]:
    return [row for stage in stages for measure in stage.measures for row in measure.rows]


def chosen_rows(stages: Sequence[Stage], only: Sequence[str]) -> tuple[Stage, ...]:
    """Return the stages with those measures alone that have a row of these names; all of them without names."""
    if not only:
        return tuple(stages)
    chosen = [
        replace(stage, measures=tuple(m for m in stage.measures if any(row.name in only for row in m.rows)))
        for stage in stages
    ]
    return tuple(stage for stage in chosen if stage.measures)


def measured(stages: Sequence[Stage], side: Side, settings: Settings) -> Found:
    """Run the stages on one side, one server after the other; yield each row when it is known.

    Never fails for what a server does: that is the sample's fault.
    """
    for stage in stages:
        with ExitStack() as running:
            server: ServerProcess | None = None
            starts = True
            for measure in stage.measures:
                try:
                    if starts and (server is None or not server.is_running()):
                        running.close()
                        starts = False
                        server = running.enter_context(started(stage, side, settings))
                        require_side(stage, side, server)
                        starts = True
                    # Not tried again: it would cost the same seconds for every row.
                    samples = (
                        measure.run(server, settings)
                        if server and starts
                        else failed(measure, "the server did not start")
                    )
                # Whatever goes wrong is a finding about this row; the others are still to be measured.
                except Exception as error:
                    samples = failed(measure, fault_text(error))
                if any(sample.fault for sample in samples):
                    # It may hang, or still be busy with what was lost.
                    server = None
                yield from zip(measure.rows, samples, strict=True)


def failed(measure: Measure, fault: str) -> list[Sample]:
    return [Sample(None, fault) for _ in measure.rows]


def started(stage: Stage, side: Side, settings: Settings) -> ServerProcess:
    port = settings.port or free_port()
    require_free(port)
    return ServerProcess(
        side.argv(stage.app, port, stage.workers, stage.threads),
        settings.cpus.both if stage.both_cpus else str(settings.cpus.server),
        port,
        APPS,
        {**side.environment(), **stage.environment},
    )


def require_side(stage: Stage, side: Side, server: ServerProcess) -> None:
    """Raise NotStarted unless the application has the `flask` that this side is about.

    Its first answer may take long: gunicorn listens before it has loaded the application.
    """
    if not stage.which:
        return
    question = Request(f"{stage.which}/{'flask' if side.stock else 'ferroflask'}")
    try:
        warm_up(question, server.port, 0, timeout=60)
    except WrongAnswer:
        raise NotStarted(f"`import flask` is {'ferroflask' if side.stock else 'stock Flask'} there") from None


def fault_text(error: Exception) -> str:
    text = " ".join(str(error).split())
    return text or type(error).__name__
