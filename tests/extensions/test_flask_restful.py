"""Flask-RESTful: resources, parsers, fields, representations, and the error handlers it puts on the application."""

from __future__ import annotations

from pathlib import Path

import pytest

from .asking import Ask, Case
from .harness import compare, needs

needs("Flask-RESTful")

CASE = Case(
    program="restful_tasks.py",
    asks=(
        Ask("GET", "/tasks/1", holds=('"uri": "http://localhost/tasks/1"',)),
        Ask("GET", "/tasks/9", 404, holds=("no task 9",)),
        Ask("GET", "/tasks?limit=1", headers=(("X-Who", "ada"),), holds=('"who": "ada"',)),
        Ask("GET", "/tasks?limit=no", 400, holds=("limit",)),
        Ask("GET", "/all-tasks"),
        Ask("PUT", "/tasks/3", 201, json={"text": "three", "done": "true"}),
        Ask("PUT", "/tasks/3", 400, json={"done": "maybe"}, holds=("say what to do",)),
        Ask("PUT", "/tasks/3", 415, form={"text": "x"}),
        Ask("POST", "/tasks", 201, json={"text": "x", "tags": ["a", "ä"]}),
        Ask("POST", "/tasks", 400, json={"text": "x", "surplus": 1}, holds=("Unknown arguments: surplus",)),
        Ask("PUT", "/tasks/3", 400, headers=(("Content-Type", "application/json"),)),
        Ask("DELETE", "/tasks/3", 204),
        Ask("PATCH", "/tasks/1", 405),
        Ask("OPTIONS", "/tasks/1"),
        Ask("HEAD", "/tasks/1"),
        Ask("GET", "/breaks/teapot", 418, holds=("short and stout",)),
        Ask("GET", "/breaks/value", 500, holds=("Internal Server Error",)),
        Ask("GET", "/breaks/off", 403),
        Ask("GET", "/tasks/1", headers=(("Accept", "text/csv"),), holds=("id;text",)),
        Ask("GET", "/tasks/1", headers=(("Accept", "image/png"),)),
        Ask("GET", "/v2/api/shout", holds=("shouted",)),
        Ask("GET", "/v2/api/nothing", 404),
        Ask("GET", "/nothing", 404),
        Ask("GET", "/task", 404),
        Ask("GET", "/plain"),
        Ask("GET", "/plain-broken", 500),
    ),
)


@pytest.mark.parametrize("door", ["client", "socket"])
def test_same_answers(door: str, tmp_path: Path) -> None:
    compare(CASE, door, tmp_path)
