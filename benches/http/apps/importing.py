"""A program that imports flask and prints what that took, as JSON: CPU time in ms, and the process's memory in MiB."""

from __future__ import annotations

import re
import time
from pathlib import Path

started = time.process_time()
import flask  # noqa: E402, F401

used = time.process_time() - started


def main() -> None:
    import json
    import sys

    # Not getrusage(2): its peak begins with that of the process that started this one.
    peak = re.search(r"^VmHWM:\s*(\d+) kB", Path("/proc/self/status").read_text("utf-8"), re.MULTILINE)
    assert peak is not None
    ours = "ferroflask._core" in sys.modules
    found = {"import flask": used * 1e3, "memory after import flask": int(peak[1]) / 1024}
    print(json.dumps({"flask": "ferroflask" if ours else "Flask", "found": found}))


if __name__ == "__main__":
    main()
