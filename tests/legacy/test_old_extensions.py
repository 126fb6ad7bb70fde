"""What particular old extensions need beyond Flask's own former names."""

from __future__ import annotations

import collections
import collections.abc
import sys
import typing as t

import pytest

from ferroflask.legacy.machinery.lending import LENT, lent_to

from .asking import ask

PARTS = [
    ("/", [(None, None, "/")]),
    ("/a/<b>", [(None, None, "/a/"), ("default", None, "b")]),
    ("/<int:id>/x", [(None, None, "/"), ("int", None, "id"), (None, None, "/x")]),
    ("<string(length=2):a>", [("string", "length=2", "a")]),
    ("/<any(x, y):a>/<path:b>", [(None, None, "/"), ("any", "x, y", "a"), (None, None, "/"), ("path", None, "b")]),
    ("/<regex('[a-z>]+'):a>", [(None, None, "/"), ("regex", "'[a-z>]+'", "a")]),
]


@pytest.mark.parametrize(("rule", "parts"), PARTS)
@pytest.mark.filterwarnings("ignore::DeprecationWarning")
def test_a_rule_is_taken_apart(rule: str, parts: list[t.Any]) -> None:
    parse_rule = ask("from werkzeug.routing import parse_rule").names["parse_rule"]
    assert list(parse_rule(rule)) == parts


@pytest.mark.parametrize("rule", ["/<a", "/a>", "/<a>/<a>", "/<1a>"])
@pytest.mark.filterwarnings("ignore::DeprecationWarning")
def test_a_rule_that_is_none(rule: str) -> None:
    parse_rule = ask("from werkzeug.routing import parse_rule").names["parse_rule"]
    with pytest.raises(ValueError, match=r"used twice|malformed"):
        list(parse_rule(rule))


@pytest.mark.parametrize("module", sorted(LENT))
def test_names_of_collections_are_lent_while_a_module_loads(module: str) -> None:
    before = set(vars(collections))
    with lent_to(module):
        assert all(hasattr(collections, name) for name in LENT[module])
    assert set(vars(collections)) == before


def test_an_extension_is_lent_what_it_imports(monkeypatch: pytest.MonkeyPatch, tmp_path: t.Any) -> None:
    package = tmp_path / "flask_restplus"
    package.mkdir()
    (package / "__init__.py").write_text("from .model import MutableMapping\n")
    (package / "model.py").write_text("from collections import OrderedDict, MutableMapping\n")
    monkeypatch.syspath_prepend(str(tmp_path))
    found = ask("from flask_restplus import MutableMapping as found").names["found"]
    for module in ("flask_restplus", "flask_restplus.model"):
        del sys.modules[module]
    assert found is collections.abc.MutableMapping
    assert not hasattr(collections, "MutableMapping")
