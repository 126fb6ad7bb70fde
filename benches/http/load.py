"""Runs wrk against a server and reads what it counted."""

from __future__ import annotations

import json
import math
import shutil
import subprocess
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from .asking import Request

__all__ = ["Load", "LoadResult", "missing_tools"]

TOOLS = {"wrk": "wrk", "taskset": "util-linux"}
# Seconds until wrk counts a request as lost.
TIMEOUT = 5
# wrk calls `done` once, at the end, with times in µs. No function is called per request.
REPORT = """
done = function(summary, latency)
  local e = summary.errors
  io.write(string.format('REPORT {"requests":%d,"duration":%d,', summary.requests, summary.duration))
  io.write(string.format('"p50":%d,"p99":%d,"max":%d,', latency:percentile(50), latency:percentile(99), latency.max))
  io.write(string.format('"status":%d,"connect":%d,"read":%d,', e.status, e.connect, e.read))
  io.write(string.format('"write":%d,"timeout":%d}\\n', e.write, e.timeout))
end
"""


def missing_tools(*, needs_wrk: bool = True) -> str | None:
    """Return what to do about programs that are not there; None when all are."""
    needed = TOOLS if needs_wrk else {"taskset": TOOLS["taskset"]}
    missing = sorted({package for tool, package in needed.items() if shutil.which(tool) is None})
    if not missing:
        return None
    packages = " and ".join(missing)
    return f"{packages} is missing: `make bench-deps` installs Debian's (as root), or use your system's package."


@dataclass(frozen=True)
class LoadResult:
    """What wrk counted: `duration` in seconds, latencies in milliseconds, `fault` in words when answers are no good."""

    requests: int
    duration: float
    p50: float
    p99: float
    slowest: float
    fault: str

    @property
    def per_second(self) -> float:
        return self.requests / self.duration if self.duration else 0.0

    def details(self) -> dict[str, float]:
        return {
            "requests": self.requests,
            "per_second": round(self.per_second, 1),
            "p50_ms": self.p50,
            "p99_ms": self.p99,
            "max_ms": self.slowest,
        }


class Load:
    """One wrk, from its start on; several may run at once. Ended by :meth:`result`, or by :meth:`stop` before."""

    def __init__(self, request: Request, port: int, *, connections: int, seconds: float, cpu: int) -> None:
        self._request = request
        self._folder = tempfile.TemporaryDirectory(prefix="bench-")
        # wrk counts in whole seconds.
        whole = max(1, math.ceil(seconds))
        command = ["taskset", "-c", str(cpu), "wrk", "-t1", f"-c{connections}", f"-d{whole}s", f"--timeout={TIMEOUT}s"]
        self._limit = whole + 4 * TIMEOUT
        self._process = subprocess.Popen(
            [*command, "-s", str(self._script()), f"http://127.0.0.1:{port}{request.path}"],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            start_new_session=True,
        )

    def result(self) -> LoadResult:
        """Wait for the end and return what was counted; RuntimeError when wrk did not say."""
        try:
            printed, errors = self._process.communicate(timeout=self._limit)
        finally:
            self.stop()
        reports = [line.removeprefix("REPORT ") for line in printed.splitlines() if line.startswith("REPORT ")]
        if not reports:
            raise RuntimeError(f"wrk failed: {(errors or printed).strip()[-200:]}")
        return self._read(json.loads(reports[0]))

    def stop(self) -> None:
        """End it when it still runs, and take its script away."""
        if self._process.poll() is None:
            self._process.kill()
            self._process.communicate()
        self._folder.cleanup()

    def _read(self, report: dict[str, Any]) -> LoadResult:
        faults = [f"{report[kind]} {kind} errors" for kind in ("connect", "read", "write", "timeout") if report[kind]]
        # wrk counts every answer from 400 on; of a row that is about a 404 all must be.
        expected = report["requests"] if self._request.status >= 400 else 0
        if report["status"] != expected:
            faults.append(f"{abs(report['status'] - expected)} of {report['requests']} answers with another status")
        if not report["requests"]:
            faults.append("no answer")
        return LoadResult(
            requests=report["requests"],
            duration=report["duration"] / 1e6,
            p50=report["p50"] / 1e3,
            p99=report["p99"] / 1e3,
            slowest=report["max"] / 1e3,
            fault=", ".join(faults),
        )

    def _script(self) -> Path:
        folder = Path(self._folder.name)
        lines = [f"wrk.method = {lua_text(self._request.method)}"]
        lines += [f"wrk.headers[{lua_text(name)}] = {lua_text(value)}" for name, value in self._request.headers.items()]
        if self._request.body:
            (folder / "body").write_bytes(self._request.body)
            lines.append(f'wrk.body = io.open({lua_text(str(folder / "body"))}, "rb"):read("*a")')
        (folder / "script.lua").write_text("\n".join(lines) + REPORT, "utf-8")
        return folder / "script.lua"


def lua_text(text: str) -> str:
    """Return a Lua literal of the text."""
    return (
        '"' + "".join(c if c.isascii() and (c.isalnum() or c in " -_/.;=:") else f"\\{ord(c):03d}" for c in text) + '"'
    )
