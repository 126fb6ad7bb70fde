"""A program that measures the test client and the making of an application in its own process, and prints JSON.

Its argument is how many seconds each measure may take. CPU time, the best of the batches; µs per call, ms per
application.
"""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Callable

from flask import Blueprint, Flask, Response
from works import app  # type: ignore[import-not-found]  # run by its path, beside it


def best_of(call: Callable[[], object], seconds: float) -> float:
    """Return the CPU time of one call in seconds: that of the best batch of about 20 ms."""
    started = time.process_time()
    call()
    batch = max(1, int(0.02 / max(time.process_time() - started, 1e-7)))
    best = float("inf")
    deadline = time.perf_counter() + seconds
    while time.perf_counter() < deadline or best == float("inf"):
        started = time.process_time()
        for _ in range(batch):
            call()
        best = min(best, (time.process_time() - started) / batch)
    return best


def make_application() -> Flask:
    """Make an application of 20 blueprints with 10 views each."""
    made = Flask("made")
    for number in range(20):
        blueprint = Blueprint(f"b{number}", "made", url_prefix=f"/b{number}")
        for view in range(10):
            blueprint.add_url_rule(f"/v{view}/<int:id>", f"v{view}", lambda id: "seen")
        made.register_blueprint(blueprint)
    return made


def main() -> None:
    seconds = float(sys.argv[1])
    client = app.test_client()
    calls: dict[str, Callable[[], Response]] = {
        "get": lambda: client.get("/"),
        "post JSON": lambda: client.post("/add", json={"a": 1, "b": 2}),
        "post a form": lambda: client.post("/register", data={"name": "ada", "town": "London"}),
        "get a page from a template": lambda: client.get("/card"),
    }
    for call in calls.values():
        assert call().status_code == 200
    found = {name: best_of(call, seconds) * 1e6 for name, call in calls.items()}
    found["make an application of 200 views in 20 blueprints"] = best_of(make_application, seconds) * 1e3
    ours = "ferroflask._core" in sys.modules
    print(json.dumps({"flask": "ferroflask" if ours else "Flask", "found": found}))


if __name__ == "__main__":
    main()
