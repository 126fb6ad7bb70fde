"""Flask-Marshmallow: schemas of models, links to endpoints, uploaded files."""

from __future__ import annotations

from pathlib import Path

import pytest

from .asking import Ask, Case
from .harness import compare, needs

needs("flask-marshmallow", "marshmallow-sqlalchemy", "Flask-SQLAlchemy")

CASE = Case(
    program="marshmallow_authors.py",
    asks=(
        Ask("GET", "/authors", holds=("/authors/1", "http://localhost/authors", "/books/1")),
        Ask("GET", "/authors/2", holds=("Zo",)),
        Ask("GET", "/authors/7", 404),
        Ask("POST", "/authors", 201, json={"name": "Bob"}),
        Ask("POST", "/authors", 422, json={"nam": "Bob"}, holds=("Missing data",)),
        Ask("GET", "/books/1", holds=('"/authors/1"',)),
        Ask("POST", "/paper", files={"paper": ("a.txt", "short")}, form={}, holds=("short",)),
        Ask("POST", "/paper", 422, files={"paper": ("a.exe", "a longer text than allowed")}, form={}),
        Ask("POST", "/paper", 422, form={}),
    ),
)


@pytest.mark.parametrize("door", ["client", "socket"])
def test_same_answers(door: str, tmp_path: Path) -> None:
    compare(CASE, door, tmp_path)
