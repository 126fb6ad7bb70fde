"""The machine and the versions that figures belong to, the CPUs they are taken on, and how busy the machine was."""

from __future__ import annotations

import os
import platform
import re
import subprocess
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

__all__ = ["Cpus", "cpus_to_use", "load_average", "machine", "versions"]

DISTRIBUTIONS = ("ferroflask", "Flask", "Werkzeug", "Jinja2", "gunicorn", "granian")


@dataclass(frozen=True)
class Cpus:
    """The numbers of the CPUs: one for the server, one for the load. With a single CPU they are the same."""

    server: int
    load: int

    @property
    def both(self) -> str:
        """As taskset's `-c` takes them."""
        return f"{self.server},{self.load}"


def cpus_to_use(wanted: str | None) -> Cpus:
    """Return the first two CPUs that this process may run on, or those that `wanted` names (``0,1``).

    Raises ValueError for CPUs that it may not run on.
    """
    allowed = sorted(os.sched_getaffinity(0))
    if wanted is None:
        return Cpus(allowed[0], allowed[1] if len(allowed) > 1 else allowed[0])
    server, _, load = wanted.partition(",")
    chosen = Cpus(int(server), int(load or server))
    if not {chosen.server, chosen.load} <= set(allowed):
        raise ValueError(f"--cpus {wanted}: this process may run on {', '.join(map(str, allowed))}")
    return chosen


def machine(cpus: Cpus) -> dict[str, str]:
    """Return what a reader needs to know to judge the figures, name to text."""
    information = Path("/proc/cpuinfo").read_text("utf-8")
    model = re.search(r"^model name\s*:\s*(.+)$", information, re.MULTILINE)
    virtual = " (virtual machine)" if re.search(r"^flags\s*:.*\bhypervisor\b", information, re.MULTILINE) else ""
    return {
        "CPU": (model[1].strip() if model else platform.machine()) + virtual,
        "cores": f"{os.cpu_count()}; server on {cpus.server}, load on {cpus.load}",
        "kernel": f"{platform.system()} {platform.release()}",
        "Python": f"{platform.python_implementation()} {platform.python_version()}",
    }


def versions() -> dict[str, str]:
    """Return the versions of what is compared and of the load generator; what is not installed is left out."""
    found = {}
    for name in DISTRIBUTIONS:
        try:
            found[name] = version(name)
        except PackageNotFoundError:
            continue
    try:
        said = subprocess.run(["wrk", "-v"], capture_output=True, text=True, timeout=10).stdout
        found["wrk"] = said.removeprefix("wrk ").split(" [")[0].removeprefix("debian/")
    except OSError:
        pass
    return found


def load_average() -> float:
    """Return the load average of the last minute."""
    return round(os.getloadavg()[0], 2)
