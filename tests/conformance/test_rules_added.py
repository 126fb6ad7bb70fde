"""Adding rules natively: whatever Werkzeug's own `Map.add` leaves on a rule and in the map, or raises, `UrlMap.add`
does too, and a program that replaced a part of it is heard.
"""

from __future__ import annotations

import copy
import subprocess
import sys
import textwrap
import typing as t

import pytest
from hypothesis import given, strategies as st
from werkzeug.routing import IntegerConverter, Map, Rule, Submount, UnicodeConverter

from ferroflask.url_map import added_rules
from ferroflask.url_map.map import UrlMap

from .test_routing_differential import CONVERTERS, MAP_OPTIONS, common, rule_specs


def test_this_werkzeug_is_known() -> None:
    assert added_rules.added_alike()


def test_our_map_may_stand_in_werkzeugs_place() -> None:
    program = """
        import werkzeug.routing
        from ferroflask.url_map.map import UrlMap
        werkzeug.routing.Map = UrlMap
        rule = werkzeug.routing.Rule("/<a>", endpoint="e")
        werkzeug.routing.Map([rule])
        print(type(rule._build).__name__)
    """
    command = [sys.executable, "-c", textwrap.dedent(program)]
    done = subprocess.run(command, capture_output=True, text=True, timeout=30)
    assert done.stdout == "PromisedBuilder\n", done.stderr


def left_on(rule: Rule) -> dict[str, t.Any]:
    """Return all that adding has left on a rule, in a form that compares."""
    left = {name: value for name, value in vars(rule).items() if name not in ("map", "_build", "_build_unknown")}
    left["_converters"] = [
        (name, type(each), {key: value for key, value in vars(each).items() if key != "map"})
        for name, each in rule._converters.items()
    ]
    left["order of methods"] = list(rule.methods or ())
    return left


def built(rule: Rule, values: dict[str, t.Any], append_unknown: bool) -> t.Any:
    try:
        return rule.build(values, append_unknown)
    except Exception as error:
        return type(error), str(error)


@common
@given(st.lists(rule_specs(), min_size=1, max_size=6), MAP_OPTIONS)
def test_leaves_what_werkzeug_leaves(specs: list[dict[str, t.Any]], options: dict[str, t.Any]) -> None:
    both: list[tuple[Map, list[Rule]]] = []
    for map_class in (Map, UrlMap):
        url_map, rules = map_class(converters=CONVERTERS, **options), []
        for spec in specs:
            rule = Rule(**spec)
            try:
                url_map.add(rule)
            except Exception as error:
                rules.append((type(error), str(error)))
            else:
                rules.append(rule)
        both.append((url_map, rules))
    (stock_map, stock_rules), (our_map, our_rules) = both
    for stock, ours in zip(stock_rules, our_rules, strict=True):
        if not isinstance(stock, Rule):
            assert ours == stock
            continue
        assert left_on(ours) == left_on(stock)
        for values in ({}, {"v0": 7, "v1": "a b", "v2": "x", "v9": 3, "q": "é"}):
            for append_unknown in (True, False):
                assert built(ours, values, append_unknown) == built(stock, values, append_unknown)
    assert our_map._matcher._root == stock_map._matcher._root  # type: ignore[attr-defined]
    assert our_map._rules_by_endpoint == stock_map._rules_by_endpoint  # type: ignore[attr-defined]


class Failing(UnicodeConverter):
    def __init__(self, url_map: Map, *args: t.Any) -> None:
        raise KeyError(args)


class Picky(UnicodeConverter):
    def to_url(self, value: t.Any) -> str:
        raise ZeroDivisionError(value)


class Short(str):
    def __str__(self) -> str:
        return "x"


class Odd(UnicodeConverter):
    regex = Short("a+")
    weight = 7.5  # type: ignore[assignment]
    part_isolating = "yes"  # type: ignore[assignment]

    def __init__(self, url_map: Map) -> None:
        self.map = url_map


MORE = {"failing": Failing, "picky": Picky, "odd": Odd}

RULES: dict[str, dict[str, t.Any]] = {
    "no name": {"string": "/<>"},
    "never closed": {"string": "/<a"},
    "unknown converter": {"string": "/<nothing:a>"},
    "converter that fails": {"string": "/x/<a>/<failing(1, 'b'):b>"},
    "arguments nobody can read": {"string": "/<int(;):a>"},
    "arguments too many": {"string": "/<int(1, 2, 3, 4, 5):a>"},
    "arguments over lines": {"string": "/<string(\n):a>"},
    "brackets in arguments": {"string": "/<any('):b', \"(\"):a>"},
    "empty arguments": {"string": "/<int():a>"},
    "a name twice": {"string": "/<a>/<a>"},
    "a name in the domain too": {"string": "/<a>", "subdomain": "<a>"},
    "names that are no parameters": {"string": "/<None>"},
    "debug": {"string": "/<__debug__>"},
    "keywords": {"string": "/<class>/<self>/<def>"},
    "no UTF-8": {"string": "/\udc80"},
    "no UTF-8 in the domain": {"string": "/", "subdomain": "\udc80"},
    "malformed domain": {"string": "/<a>", "subdomain": "<"},
    "a default that can't be written": {"string": "/<picky:a>", "defaults": {"a": 1}},
    "a default beside": {"string": "/<picky:a>", "defaults": {"b": 1}},
    "a default of a name": {"string": "/<a>/b", "defaults": {"a": "x y"}},
    "odd converter": {"string": "/b<odd:a>c"},
    "odd methods": {"string": "/", "methods": ("get",)},
    "unhashable endpoint": {"string": "/", "endpoint": []},
    "no endpoint": {"string": "/", "endpoint": None},
    "slashes": {"string": "//a//<path:b>//c//"},
    "slashes kept": {"string": "//a//<path:b>//c//", "merge_slashes": False},
    "special characters": {"string": "/a.b+(c)[d]{e}^$|\\~#&-\t<a>.b+(c)[d]{e}^$|\\~#&-é\n"},
    "build only": {"string": "/<a>", "build_only": True},
    "domain that is no text": {"string": "/", "subdomain": 7},
}


@pytest.mark.parametrize("case", RULES)
def test_rules_out_of_the_ordinary(case: str) -> None:
    seen: list[t.Any] = []
    for map_class in (Map, UrlMap):
        url_map, rule = map_class(converters=MORE), Rule(**{"endpoint": "e", **RULES[case]})
        try:
            url_map.add(rule)
        except Exception as error:
            seen.append((type(error), str(error), rule.map is url_map))
        else:
            values = {"a": 3, "b": "c"}
            seen.append((left_on(rule), url_map._matcher._root, [built(rule, values, each) for each in (True, False)]))  # type: ignore[attr-defined]
    assert seen[0] == seen[1]


class Recording(Rule):
    called: t.ClassVar[list[str]] = []


def recorder(name: str) -> t.Callable[..., t.Any]:
    def recorded(self: Rule, *args: t.Any, **kwargs: t.Any) -> t.Any:
        Recording.called.append(name)
        return getattr(super(Recording, self), name)(*args, **kwargs)

    return recorded


@pytest.mark.parametrize(
    "name", ["get_rules", "bind", "compile", "_parse_rule", "get_converter", "_compile_builder", "_get_func_code"]
)
def test_a_subclass_of_rule_is_heard(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    recorded: t.Any = recorder(name)
    if name == "_get_func_code":
        recorded = staticmethod(lambda *args: Recording.called.append(name) or Rule._get_func_code(*args))  # type: ignore[func-returns-value]
    monkeypatch.setattr(Recording, name, recorded, raising=False)
    heard = []
    for url_map in (Map(), UrlMap()):
        Recording.called.clear()
        url_map.add(Recording("/<int:a>", endpoint="e"))
        heard.append(list(Recording.called))
    assert heard[0] == heard[1] != []


def test_a_replacement_is_heard(monkeypatch: pytest.MonkeyPatch) -> None:
    def compile_shouting(self: Rule) -> None:
        self.rule = self.rule.upper()
        original(self)

    rule = Rule("/a", endpoint="e")
    original = Rule.compile
    rule.compile = compile_shouting.__get__(rule)  # type: ignore[method-assign]
    url_map = UrlMap([rule])
    monkeypatch.setattr(Rule, "compile", compile_shouting)
    url_map.add(Rule("/b", endpoint="f"))
    monkeypatch.setattr(Map, "add", lambda self, rule: original_add(self, Submount("/sub", [rule])))
    url_map.add(Rule("/c", endpoint="g"))
    assert [each.rule for each in url_map.iter_rules()] == ["/A", "/B", "/SUB/C"]


original_add = Map.add


def test_a_rule_is_added_once() -> None:
    rule = Rule("/a", endpoint="e")
    url_map = UrlMap([rule])
    for other in (url_map, UrlMap()):
        with pytest.raises(RuntimeError, match="already bound to map"):
            other.add(rule)


def test_builders_are_of_the_rule_as_it_was_added() -> None:
    def changed(url_map: Map) -> Rule:
        rule = Rule("/<int:a>/<b>", endpoint="e")
        url_map.add(rule)
        rule.defaults = {"a": 5}
        rule._trace = [(False, "|"), (False, "/other")]
        rule._converters["a"] = IntegerConverter(url_map, fixed_digits=4)
        return rule

    values = {"a": 7, "b": "x", "c": "d"}
    stock, ours = changed(Map()), changed(UrlMap())
    assert [ours.build(values, each) for each in (True, False)] == [stock.build(values, each) for each in (True, False)]


def test_promised_builders_are_made_once() -> None:
    rule = Rule("/<int:a>", endpoint="e")
    UrlMap([rule])
    promised, copied = t.cast(t.Any, rule._build), copy.copy(rule)
    assert promised(a=1) == ("", "/1")
    assert rule._build is promised._method()
    assert promised.__self__ is rule
    assert promised.__func__.__name__ == "<builder:'/<int:a>'>"
    assert not hasattr(promised, "anything")
    assert [each.build({"a": 7}) for each in (rule, copied)] == [("", "/7"), ("", "/7")]
