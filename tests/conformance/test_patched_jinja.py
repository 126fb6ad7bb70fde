"""What a program has changed about Jinja2 before ours has loaded it counts as it does with stock."""

from __future__ import annotations

import pytest

from .harness.printing import printed
from .harness.sides import Side

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


@pytest.mark.parametrize(("owner", "name"), EARLY_PATCHES)
def test_a_patch_from_before_counts(owner: str, name: str) -> None:
    lines = printed("-c", EARLY.format(owner=owner, name=name))
    assert "told" in lines[Side.STOCK]
    assert lines[Side.OURS] == lines[Side.STOCK]
