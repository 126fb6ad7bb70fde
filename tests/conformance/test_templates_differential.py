"""Templates, with everything about them that a program can change: what is rendered, and how it fails, is stock's."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

PROGRAM = Path(__file__).parent / "programs" / "templating.py"

# Changes that a program makes before ours has loaded Jinja2.
EARLY = """
import jinja2, jinja2.runtime
original = {owner}.{name}
def told(*args, **kwargs):
    print("told")
    return original(*args, **kwargs)
{owner}.{name} = told
from flask import Flask, render_template
app = Flask("shop")
app.jinja_options = {{"loader": jinja2.DictLoader({{"a": "{{% extends 'b' %}}", "b": "{{{{ f() }}}}"}})}}
with app.app_context():
    for _ in range(3):
        print(render_template("a", f=lambda: "called"))
"""
EARLY_PATCHES = [
    ("jinja2.Environment", "get_template"),
    ("jinja2.Environment", "_load_template"),
    ("jinja2.Template", "render"),
    ("jinja2.Template", "new_context"),
    ("jinja2.runtime.Context", "call"),
    ("jinja2.runtime.Context", "resolve_or_missing"),
    ("jinja2.runtime.Context", "__init__"),
    ("jinja2.utils.LRUCache", "get"),
]


def printed(switch: str, *command: str | Path) -> list[str]:
    """What the program prints with `FERROFLASK` set to `switch`."""
    environ = {**os.environ, "FERROFLASK": switch}
    ended = subprocess.run([sys.executable, *command], env=environ, capture_output=True, text=True, timeout=120)
    assert ended.returncode == 0, ended.stderr
    return (ended.stdout + ended.stderr).splitlines()


def test_what_is_rendered_equals_stock() -> None:
    assert printed("1", PROGRAM) == printed("0", PROGRAM)


@pytest.mark.parametrize(("owner", "name"), EARLY_PATCHES)
def test_a_patch_from_before_counts(owner: str, name: str) -> None:
    program = EARLY.format(owner=owner, name=name)
    assert printed("1", "-c", program) == printed("0", "-c", program)
