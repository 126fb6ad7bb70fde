"""Flask-WTF: forms with their tokens, uploads, the protection of a whole application and what is exempt from it."""

from __future__ import annotations

from pathlib import Path

import pytest

from .asking import Ask, Case
from .harness import compare, needs

needs("Flask-WTF", "email-validator")

SIGN = {"name": "Ada", "mail": "ada@example.com", "age": "36"}
TOKEN = r"(?:value=\"|content='|\"token\":\")(I[jm]\w+\.[\w-]+\.[\w-]+)"

CASE = Case(
    program="wtf_forms.py",
    secret="forms-secret",
    # The raw token in the session; what is signed from it is taken out of the pages.
    random=(r"\b[0-9a-f]{40}\b", r"I[jm]\w+\.[\w-]+\.[\w-]+"),
    asks=(
        Ask("POST", "/sign", 400, form=SIGN, holds=("refused: The CSRF token is missing",)),
        Ask("GET", "/sign", take={"csrf": TOKEN}),
        Ask("POST", "/sign", 400, form=SIGN, holds=("refused: The CSRF token is missing",)),
        Ask(
            "POST", "/sign", 400, form=SIGN | {"csrf_token": "<<csrf>>x"}, holds=("refused: The CSRF token is invalid",)
        ),
        Ask("POST", "/sign", 302, form=SIGN | {"csrf_token": "<<csrf>>"}),
        Ask("POST", "/sign", form={"csrf_token": "<<csrf>>", "mail": "no", "age": "7"}, holds=("at least 18",)),
        Ask("POST", "/upload", form={"csrf_token": "<<csrf>>"}, files={"paper": ("a.txt", "grüße")}, holds=("a.txt",)),
        Ask(
            "POST",
            "/upload",
            400,
            form={"csrf_token": "<<csrf>>"},
            files={"paper": ("a.exe", "MZ")},
            holds=("text only",),
        ),
        Ask("POST", "/upload", 400, form={"csrf_token": "<<csrf>>"}, holds=("required",)),
        Ask("GET", "/token", take={"second": TOKEN}, holds=('"again":true',)),
        Ask("GET", "/template-token", take={"third": TOKEN}),
        Ask("POST", "/api", headers=(("X-CSRFToken", "<<second>>"),), json={"a": 1}),
        Ask("POST", "/api", 400, json={"a": 1}),
        Ask("POST", "/free"),
        Ask("POST", "/hooks/ping"),
        Ask("POST", "/nowhere", 404),
    ),
)


@pytest.mark.parametrize("door", ["client", "socket"])
def test_same_answers(door: str, tmp_path: Path) -> None:
    compare(CASE, door, tmp_path)
