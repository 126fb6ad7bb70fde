"""Every crate that is compiled in has a licence that deny.toml allows."""

from __future__ import annotations

import json
import re
import subprocess

import pytest

from .rust_source import PROJECT

# cargo-deny's own file is the one place where the list stands. (Python 3.10 has no TOML reader.)
ALLOWED = set(re.findall(r'^  "(.+)",$', (PROJECT / "deny.toml").read_text(encoding="utf-8"), re.MULTILINE))


def crates() -> list[dict[str, str]]:
    command = "cargo metadata --format-version 1 --locked --filter-platform x86_64-unknown-linux-gnu"
    done = subprocess.run(command.split(), cwd=PROJECT, capture_output=True, text=True, timeout=50)
    assert done.returncode == 0, done.stderr
    packages: list[dict[str, str]] = json.loads(done.stdout)["packages"]
    return packages


def is_allowed(expression: str) -> bool:
    """Judge an SPDX expression; `A/B` is how old crates write `A OR B`."""
    operators = {"AND": "and", "OR": "or"}
    judged = re.sub(
        r"[\w.+-]+(?: WITH [\w.+-]+)?",
        lambda word: operators.get(word[0], str(word[0] in ALLOWED)),
        expression.replace("/", " OR "),
    )
    # What is left are True, False, and, or and parentheses.
    return bool(eval(judged))


def test_crates() -> None:
    refused = {crate["name"]: crate["license"] for crate in crates() if not is_allowed(crate["license"] or "none")}
    assert refused == {}


@pytest.mark.parametrize(
    ("expression", "allowed"),
    [
        ("MIT", True),
        ("MIT/Apache-2.0", True),
        ("GPL-3.0-only OR MIT", True),
        ("MIT AND GPL-3.0-only", False),
        ("(MIT OR Apache-2.0) AND Unicode-3.0", True),
        ("(MIT OR Apache-2.0) AND GPL-3.0-only", False),
        ("Apache-2.0 WITH LLVM-exception OR GPL-3.0-only", True),
        ("none", False),
    ],
)
def test_expressions(expression: str, allowed: bool) -> None:
    assert is_allowed(expression) is allowed
