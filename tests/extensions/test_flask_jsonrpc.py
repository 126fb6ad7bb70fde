"""Flask-JSONRPC: calls, batches, notifications, its errors, and the pages to browse the methods."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from .asking import Ask, Case
from .harness import compare, needs

needs("Flask-JSONRPC")


def call(method: str, *values: Any, number: Any = 1, target: str = "/api", status: int = 200, **names: Any) -> Ask:
    return Ask("POST", target, status, json=question(method, *values, number=number, **names))


def question(method: str, *values: Any, number: Any = 1, **names: Any) -> dict[str, Any]:
    asked: dict[str, Any] = {"jsonrpc": "2.0", "method": method, "params": names or list(values)}
    return asked | ({} if number is None else {"id": number})


CASE = Case(
    program="jsonrpc_sums.py",
    # The browsing page goes through a set of sites, in the order of their addresses: either may come last and own this.
    random=(r"urn:uuid:[0-9a-f-]{36}", r'"rpc\.describe": "/api(/part)?"'),
    asks=(
        call("App.index"),
        call("App.add", 2, 3),
        call("App.add", a=2, b=3, number="text"),
        call("App.add", "2", [], status=400),
        call("App.add", 2, status=400),
        call("App.greet", "Zoë"),
        call("App.silent", "kept", number=None, status=204),
        call("App.heard"),
        call("App.fails", "oh", status=500),
        call("App.short", status=500),
        call("App.walk", pet={"name": "rex", "legs": 3}),
        call("App.later", "abc"),
        call("App.missing", status=400),
        call("Part.twice", 1.5, target="/api/part"),
        Ask("POST", "/api", json=[question("App.index"), question("App.add", 1, 1, number=2), {"foo": 1}]),
        Ask("POST", "/api", 400, json=[]),
        Ask("POST", "/api", 400, headers=(("Content-Type", "application/json"),)),
        Ask("POST", "/api", 400, form={"a": "b"}),
        Ask("GET", "/api", 405),
        call("rpc.describe"),
        Ask("GET", "/api/browse/", holds=("html",)),
        Ask("GET", "/api/browse/static/js/main.js"),
        Ask("GET", "/api/browse/packages.json", holds=("App.add",)),
        Ask("GET", "/api/browse/App.add.json"),
        Ask("GET", "/api/browse/Part.twice.json"),
    ),
)


@pytest.mark.parametrize("door", ["client", "socket"])
def test_same_answers(door: str, tmp_path: Path) -> None:
    compare(CASE, door, tmp_path)
