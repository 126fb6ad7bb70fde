"""What views that wait, compute or ask their own server do to the others."""

from __future__ import annotations

from ..asking import Request
from ..measures import AllAtOnce, Beside, Latency, Measure, Rate
from ..results import GroupResult, Row, RowResult, Sample
from ..stages import Stage

__all__ = ["ABOUT", "STAGES", "TITLE", "derived"]

TITLE = "Views that wait or compute, and those beside them"
THREADS = 64
ABOUT = f"""Every server has {THREADS} Python threads here. *Beside* rows give the latency of a hello, asked over 32
connections, while others ask for a view that sleeps 50 ms, or for one that does so one time in a hundred. *200
sleepers at once* ends when the last one is answered; with {THREADS} threads 200 ms are the least. The view that asks
its own server needs a second thread to be answered; it is asked over 4 connections. *A thread that spins* is one of
the program's own, in pure Python. The view that computes runs on both CPUs, which the load generator shares."""

FAST = Request("/")
SLEEP = Request("/sleep")
ONE_WORKER, TWO_WORKERS = "a view that computes, one worker", "a view that computes, two workers"
GAIN = Row("a view that computes, gain by the second worker", "factor", "times", less_is_better=False)


def waiting(*measures: Measure, workers: int = 1, both_cpus: bool = False) -> Stage:
    return Stage("waiting:app", measures, workers=workers, threads=THREADS, both_cpus=both_cpus)


STAGES = (
    waiting(
        Latency("hello alone", FAST),
        Beside("hello beside 4 sleepers", FAST, SLEEP, 4),
        Beside("hello beside 24 sleepers", FAST, SLEEP, 24),
        Beside("hello beside one sleeper in a hundred", FAST, Request("/sometimes"), 32),
        AllAtOnce("200 sleepers at once", "/sleep", 200, b"slept"),
        Latency("a view that asks its own server", Request("/ask-yourself"), 4),
    ),
    waiting(Rate("hello beside a thread that spins", FAST, first=Request("/spin"))),
    waiting(Rate(ONE_WORKER, Request("/compute")), both_cpus=True),
    waiting(Rate(TWO_WORKERS, Request("/compute")), workers=2, both_cpus=True),
)


def derived(result: GroupResult) -> list[RowResult]:
    """Return what two workers gain over one, round by round."""
    rows = {row.row.name: row for row in result.rows}
    if ONE_WORKER not in rows or TWO_WORKERS not in rows:
        return []
    gains = {
        side: [
            gain(*pair) for pair in zip(rows[ONE_WORKER].samples[side], rows[TWO_WORKERS].samples[side], strict=True)
        ]
        for side in result.sides
    }
    return [RowResult(GAIN, gains)]


def gain(one: Sample, two: Sample) -> Sample:
    fault = one.fault or two.fault
    if fault or not one.value or two.value is None:
        return Sample(None, fault or "nothing to compare with")
    return Sample(two.value / one.value)
