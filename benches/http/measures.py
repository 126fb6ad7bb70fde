"""What can be asked of a running server: each measure yields one sample for each of its rows. Knows no application."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

from .asking import Request, logged_in, warm_up
from .at_once import seconds_until_all_are_served
from .load import Load, LoadResult
from .results import Row, Sample
from .server_process import ServerProcess
from .settings import Settings

__all__ = ["AllAtOnce", "Beside", "CpuPerRequest", "Latency", "Measure", "Rate"]


class Measure(Protocol):
    """Something to be measured of a server."""

    @property
    def rows(self) -> tuple[Row, ...]: ...

    def run(self, server: ServerProcess, settings: Settings) -> list[Sample]:
        """Return a sample for each row, in their order. What it raises becomes the fault of all of them."""
        ...


@dataclass(frozen=True)
class CpuPerRequest:
    """CPU time of the server's processes over the requests answered.

    `latency` adds a row for the median latency. `seconds` is the least for which the load lasts: what wrk leaves half
    done at the end costs as well, and must be little beside what is done.
    """

    name: str
    request: Request
    connections: int = 32
    latency: bool = False
    large: bool = False
    seconds: float = 0

    @property
    def rows(self) -> tuple[Row, ...]:
        cpu = Row(self.name, large=self.large)
        return (cpu, Row(self.name, "p50")) if self.latency else (cpu,)

    def run(self, server: ServerProcess, settings: Settings) -> list[Sample]:
        request = logged_in(self.request, server.port)
        warm_up(request, server.port, settings.warm_up)
        seconds = max(self.seconds, settings.seconds)
        load = Load(request, server.port, connections=self.connections, seconds=seconds, cpu=settings.cpus.load)
        before = server.cpu_seconds()
        counted = load.result()
        used = server.cpu_seconds() - before
        value = used / counted.requests * 1e6 if counted.requests else None
        samples = [Sample(value, counted.fault, counted.details())]
        return [*samples, Sample(counted.p50 * 1e3, counted.fault)] if self.latency else samples


@dataclass(frozen=True)
class Latency:
    """Median and 99th percentile of a request's latency, in milliseconds."""

    name: str
    request: Request
    connections: int = 32

    @property
    def rows(self) -> tuple[Row, ...]:
        return Row(self.name, "p50", "ms"), Row(self.name, "p99", "ms")

    def run(self, server: ServerProcess, settings: Settings) -> list[Sample]:
        warm_up(self.request, server.port, settings.warm_up)
        return latencies(loaded(self.request, server, settings, self.connections))


@dataclass(frozen=True)
class Beside:
    """The latency of one request while `connections` others ask for something else."""

    name: str
    request: Request
    other: Request
    connections: int

    @property
    def rows(self) -> tuple[Row, ...]:
        return Row(self.name, "p50", "ms"), Row(self.name, "p99", "ms")

    def run(self, server: ServerProcess, settings: Settings) -> list[Sample]:
        warm_up(self.request, server.port, settings.warm_up)
        warm_up(self.other, server.port, settings.warm_up)
        others = Load(
            self.other, server.port, connections=self.connections, seconds=settings.seconds, cpu=settings.cpus.load
        )
        try:
            counted = loaded(self.request, server, settings)
            beside = others.result()
        finally:
            others.stop()
        fault = ", ".join(filter(None, [counted.fault, beside.fault and f"the others: {beside.fault}"]))
        details = {"others_per_second": round(beside.per_second, 1)}
        return [Sample(sample.value, fault, {**sample.details, **details}) for sample in latencies(counted)]


@dataclass(frozen=True)
class Rate:
    """Requests per second; `first` is asked once before."""

    name: str
    request: Request
    connections: int = 32
    first: Request | None = None

    @property
    def rows(self) -> tuple[Row, ...]:
        return (Row(self.name, "rate", "1/s", less_is_better=False),)

    def run(self, server: ServerProcess, settings: Settings) -> list[Sample]:
        if self.first is not None:
            warm_up(self.first, server.port, 0)
        warm_up(self.request, server.port, settings.warm_up)
        counted = loaded(self.request, server, settings, self.connections)
        return [Sample(counted.per_second, counted.fault, counted.details())]


@dataclass(frozen=True)
class AllAtOnce:
    """Milliseconds until `count` requests, sent at the same moment, are all answered."""

    name: str
    path: str
    count: int
    ends_with: bytes

    @property
    def rows(self) -> tuple[Row, ...]:
        return (Row(self.name, "until the last", "ms"),)

    def run(self, server: ServerProcess, settings: Settings) -> list[Sample]:
        warm_up(Request(self.path), server.port, settings.warm_up)
        seconds = seconds_until_all_are_served(server.port, self.path, self.count, self.ends_with, timeout=20)
        return [Sample(seconds * 1e3)]


def loaded(request: Request, server: ServerProcess, settings: Settings, connections: int = 32) -> LoadResult:
    load = Load(request, server.port, connections=connections, seconds=settings.seconds, cpu=settings.cpus.load)
    return load.result()


def latencies(counted: LoadResult) -> list[Sample]:
    return [
        Sample(counted.p50, counted.fault, counted.details()),
        Sample(counted.p99, counted.fault),
    ]
