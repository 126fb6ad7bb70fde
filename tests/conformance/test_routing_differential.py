"""Random rules and paths: ``UrlMap`` answers exactly as Werkzeug's own ``Map``, or fails in the same way."""

from __future__ import annotations

import gc
import os
import re
import threading
import typing as t
import uuid
import weakref

import pytest
from hypothesis import HealthCheck, given, settings, strategies as st
from werkzeug.routing import BaseConverter, Map, Rule, UnicodeConverter, ValidationError

from ferroflask.url_map.map import UrlMap, UrlMapAdapter

EXAMPLES = int(os.environ.get("FERROFLASK_ROUTING_EXAMPLES", "120"))
UUID = "a8098c1a-f86e-11da-bd1a-00112444be1e"


class Words(BaseConverter):
    regex = r"[a-z]+(?:,[a-z]+)*"

    def to_python(self, value: str) -> t.Any:
        return value.split(",")

    def to_url(self, value: t.Any) -> str:
        return ",".join(value)


class Even(BaseConverter):
    regex = r"\d+"
    weight = 30

    def to_python(self, value: str) -> t.Any:
        if int(value) % 2:
            raise ValidationError()
        return int(value)

    def to_url(self, value: t.Any) -> str:
        if not isinstance(value, int) or value % 2:
            raise ValidationError()
        return str(value)


class Pair(BaseConverter):
    regex = r"\w+/\w+"


class Shout(UnicodeConverter):
    def to_python(self, value: str) -> t.Any:
        return value.upper()


class Month(BaseConverter):
    regex = r"(?P<year>\d{4})-\d\d"


class NotFoo(BaseConverter):
    regex = r"(?!foo)[^/]+?"
    weight = 90


class Maybe(BaseConverter):
    regex = r"(?:x?)"


class NoText(BaseConverter):
    def to_url(self, value: t.Any) -> t.Any:
        return value


CONVERTERS = {
    "words": Words,
    "even": Even,
    "pair": Pair,
    "shout": Shout,
    "month": Month,
    "notfoo": NotFoo,
    "maybe": Maybe,
    "notext": NoText,
}

STATIC = ["a", "b", "foo", "é", "a.b", "x-1", "c d", ""]
# What stands before the name in a placeholder, and texts that it (mostly) takes.
KINDS: dict[str, list[str]] = {
    "": ["a", "é ü", "foo-1", "7", "%", "\n", "a\nb"],
    "int:": ["7", "007", "٣", "1٣", "12345678901234567890123"],
    "int(signed=True):": ["-7", "7", "-0"],
    "int(fixed_digits=2, max=50):": ["42", "51", "7"],
    "int(min=3):": ["7", "2"],
    "float:": ["1.5", "9.0", "٣.٣", "123456789.123456789123456789"],
    "float(signed=True, max=2.5):": ["-0.25", "2.5", "2.51"],
    "string(length=2):": ["ab", "éü"],
    "string(minlength=2, maxlength=3):": ["ab", "abc", "abcd"],
    "string(minlength=0):": ["", "x"],
    "any(a, foo, 'b c', 'x|y'):": ["a", "foo", "b c", "x|y"],
    "uuid:": [UUID, UUID.upper()],
    "path:": ["a", "a/b", "a//b", "foo/7/", "a\nb"],
    "words:": ["a,b,c", "foo"],
    "even:": ["42", "7"],
    "pair:": ["a/b", "é/ü"],
    "shout:": ["ab", "é"],
    "month:": ["2024-05"],
    "notfoo:": ["bar", "éé", "foobar"],
    "maybe:": ["", "x"],
    "notext:": ["a", "7"],
}
TEXTS = [*STATIC, *(text for texts in KINDS.values() for text in texts), "7-ab", "ab-7", "?q", "v7.json"]
METHODS = ["GET", "POST", "PUT", "HEAD", "OPTIONS"]
ENDPOINTS = ["index", "show", "edit"]


@st.composite
def placeholders(draw: st.DrawFn, names: list[str]) -> str:
    name = f"v{len(names)}"
    names.append(name)
    return f"<{draw(st.sampled_from(list(KINDS)))}{name}>"


@st.composite
def segments(draw: st.DrawFn, names: list[str]) -> str:
    form = draw(st.integers(0, 9))
    if form < 4 or len(names) > 3:
        return draw(st.sampled_from(STATIC))
    if form < 8:
        return draw(placeholders(names))
    if form == 8:
        return f"v{draw(placeholders(names))}.json"
    return f"{draw(placeholders(names))}{draw(st.sampled_from(['-', '', '.']))}{draw(placeholders(names))}"


VALUES = st.one_of(
    st.sampled_from(TEXTS),
    st.integers(-100, 100),
    st.sampled_from([7, 2, True, 1.5, None, uuid.UUID(UUID), 10**30, b"by\xfftes", ["a", "b"], ("x", None, 3), {"k"}]),
)


@st.composite
def rule_specs(draw: st.DrawFn) -> dict[str, t.Any]:
    names: list[str] = []
    count = draw(st.integers(0, 4))
    string = "/" + "/".join(draw(segments(names)) for _ in range(count))
    if draw(st.booleans()):
        string += "/"
    spec: dict[str, t.Any] = {"string": string, "endpoint": draw(st.sampled_from(ENDPOINTS))}
    rare = st.integers(0, 9).map(lambda number: number == 0)
    if draw(st.integers(0, 2)) == 0:
        spec["methods"] = draw(st.lists(st.sampled_from(METHODS), max_size=2))
    if draw(rare):
        spec["methods"] = ["GET"]
        spec["websocket"] = True
    for option in ("strict_slashes", "merge_slashes"):
        if draw(rare):
            spec[option] = draw(st.booleans())
    for option in ("alias", "build_only"):
        if draw(rare):
            spec[option] = True
    if draw(st.integers(0, 4)) == 0:
        keys = st.sampled_from(["v0", "v1", "extra"])
        spec["defaults"] = draw(st.dictionaries(keys, st.sampled_from(["a", 7, "7", 2, 1.5]), min_size=1, max_size=2))
    if draw(rare):
        targets = ["elsewhere", "to/<v0>", lambda adapter, **values: f"x{len(values)}"]
        spec["redirect_to"] = draw(st.sampled_from(targets))
    spec["subdomain"], spec["host"] = "", "a.test"
    if draw(rare):
        spec["subdomain"] = draw(st.sampled_from(["api", "<v9>", "x<int:v9>y"]))
        spec["host"] = draw(st.sampled_from(["b.test", "<v9>.test", None]))
    return spec


MAP_OPTIONS = st.fixed_dictionaries(
    {
        "strict_slashes": st.sampled_from([True, True, False]),
        "merge_slashes": st.sampled_from([True, True, False]),
        "redirect_defaults": st.sampled_from([True, True, False]),
        "host_matching": st.sampled_from([False, False, True]),
        "sort_parameters": st.sampled_from([False, False, True]),
    }
)


@st.composite
def paths(draw: st.DrawFn, specs: list[dict[str, t.Any]]) -> str:
    """Most of them are made from a rule's own text, so that many match."""
    if draw(st.integers(0, 4)):

        def fill(placeholder: re.Match[str]) -> str:
            texts = KINDS[placeholder[1]] if draw(st.integers(0, 7)) else TEXTS
            return draw(st.sampled_from(texts))

        path = re.sub(r"<([^>]*?)v\d>", fill, draw(st.sampled_from(specs))["string"])
    else:
        path = "/" + "/".join(draw(st.lists(st.sampled_from(TEXTS), max_size=5)))
    change = draw(st.integers(0, 9))
    match change:
        case 0:
            return path + "/"
        case 1:
            return path.rstrip("/")
        case 2:
            return path.replace("/", "//")
        case 3:
            return path[1:]
        case _:
            return path


@st.composite
def build_values(draw: st.DrawFn, spec: dict[str, t.Any]) -> dict[str, t.Any]:
    """Values that a rule has places for, and some that it has not."""
    values: dict[str, t.Any] = {}
    for kind, name in re.findall(r"<([^>]*?)(v\d)>", spec["string"] + str(spec["subdomain"]) + str(spec["host"])):
        if draw(st.integers(0, 9)):
            values[name] = draw(st.one_of(st.sampled_from(KINDS[kind]), VALUES))
    keys = st.sampled_from(["v0", "v1", "extra", "näme", "q"])
    return {**draw(st.dictionaries(keys, VALUES, max_size=2)), **values}


def make_map(map_class: type[Map], specs: list[dict[str, t.Any]], options: dict[str, t.Any]) -> tuple[Map, list[Rule]]:
    rules = [Rule(**{**spec, "string": spec["string"]}) for spec in specs]
    return map_class(rules, converters=CONVERTERS, **options), rules  # type: ignore[arg-type]


def bound(url_map: Map, subdomain: str | None, scheme: str, script: str) -> t.Any:
    if url_map.host_matching:
        subdomain = None
    query = {"q": "1 2"} if script == "/" else None
    return url_map.bind("a.test", script, subdomain, scheme, query_args=query)


# Attributes of Werkzeug's errors that handlers and clients see.
SEEN = ("new_url", "code", "valid_methods", "endpoint", "values", "method")


def outcome(rules: list[Rule], call: t.Callable[..., t.Any], *args: t.Any, **kwargs: t.Any) -> t.Any:
    """A comparable account of a call: its result with types, or its exception with what a caller can see of it."""
    try:
        result = call(*args, **kwargs)
    except Exception as error:  # every kind must be the same on both sides
        kind = type(error)
        details = [getattr(error, name, None) for name in SEEN]
        # Errors of Python itself may be worded for the function they come from.
        text = "" if kind in (TypeError, AttributeError) else str(error)
        suppressed = error.__suppress_context__ if kind.__module__.startswith("werkzeug") else None
        return kind.__name__, text, repr(details), suppressed
    if isinstance(result, tuple):
        rule, values = result
        position = next((at for at, known in enumerate(rules) if known is rule), None)
        return position, list(values), [(type(value), repr(value)) for value in values.values()]
    return result


def both(
    specs: list[dict[str, t.Any]], options: dict[str, t.Any]
) -> tuple[tuple[Map, list[Rule]], tuple[Map, list[Rule]]] | None:
    """Make both maps; None when the rules are refused, which both have to do in the same words."""
    made: list[t.Any] = []
    for map_class in (Map, UrlMap):
        try:
            made.append(make_map(map_class, specs, options))
        except Exception as error:
            made.append((type(error), str(error)))
    stock, ours = made
    if isinstance(stock[0], Map) and isinstance(ours[0], Map):
        return stock, ours
    assert ours == stock
    return None


common = settings(
    max_examples=EXAMPLES,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large, HealthCheck.filter_too_much],
)


@common
@given(st.data())
def test_matches_as_werkzeug(data: st.DataObject) -> None:
    specs = data.draw(st.lists(rule_specs(), min_size=1, max_size=7))
    maps = both(specs, data.draw(MAP_OPTIONS))
    if maps is None:
        return
    subdomain = data.draw(st.sampled_from(["", "", "", "", "api", "x7y", None]))
    scheme = data.draw(st.sampled_from(["http", "http", "http", "https", "ws"]))
    script = data.draw(st.sampled_from(["/", "/app"]))
    adapters = [(bound(url_map, subdomain, scheme, script), rules) for url_map, rules in maps]
    assert isinstance(adapters[1][0], UrlMapAdapter)
    for path in data.draw(st.lists(paths(specs), min_size=4, max_size=12)):
        for method in ("GET", "post", "PUT"):
            stock, ours = (outcome(rules, adapter.match, path, method, return_rule=True) for adapter, rules in adapters)
            assert ours == stock, (path, method)
        stock, ours = (outcome(rules, adapter.allowed_methods, path) for adapter, rules in adapters)
        assert ours == stock, path


@common
@given(st.data())
def test_builds_as_werkzeug(data: st.DataObject) -> None:
    specs = data.draw(st.lists(rule_specs(), min_size=1, max_size=5))
    maps = both(specs, data.draw(MAP_OPTIONS))
    if maps is None:
        return
    subdomain = data.draw(st.sampled_from(["", "", "api", None]))
    scheme = data.draw(st.sampled_from(["http", "https", "ws", ""]))
    script = data.draw(st.sampled_from(["/", "/app/"]))
    adapters = [(bound(url_map, subdomain, scheme, script), rules) for url_map, rules in maps]
    for _ in range(data.draw(st.integers(3, 8))):
        spec = data.draw(st.sampled_from(specs))
        endpoint = spec["endpoint"] if data.draw(st.integers(0, 9)) else "nowhere"
        values = data.draw(build_values(spec))
        options: dict[str, t.Any] = {
            "method": data.draw(st.sampled_from([None, None, "POST"])),
            "force_external": data.draw(st.booleans()),
            "append_unknown": data.draw(st.sampled_from([True, True, False])),
            "url_scheme": data.draw(st.sampled_from([None, None, "https", ""])),
        }
        stock, ours = (outcome(rules, adapter.build, endpoint, values, **options) for adapter, rules in adapters)
        assert ours == stock, (endpoint, values, options)


def pair(*specs: dict[str, t.Any], **options: t.Any) -> list[Map]:
    return [map_class([Rule(**spec) for spec in specs], **options) for map_class in (Map, UrlMap)]


def answers(url_map: Map, *calls: tuple[str, str]) -> list[t.Any]:
    adapter = url_map.bind("a.test")
    return [outcome([], adapter.match, *call) for call in calls]


CHANGES: dict[str, t.Callable[[Map], t.Any]] = {
    "add": lambda m: m.add(Rule("/new", endpoint="new")),
    "methods in place": lambda m: next(m.iter_rules("a")).methods.add("PUT"),  # type: ignore[union-attr]
    "methods replaced": lambda m: setattr(next(m.iter_rules("a")), "methods", {"PUT"}),
    "endpoint": lambda m: setattr(m._rules[0], "endpoint", "other"),
    "strict_slashes": lambda m: [setattr(rule, "strict_slashes", False) for rule in m.iter_rules()],
    "merge_slashes": lambda m: setattr(m, "merge_slashes", False),
    "redirect_defaults": lambda m: setattr(m, "redirect_defaults", False),
    "host_matching": lambda m: setattr(m, "host_matching", True),
    "redirect_to": lambda m: setattr(next(m.iter_rules("a")), "redirect_to", "away"),
}


@pytest.mark.parametrize("change", CHANGES)
def test_notices_changes(change: str) -> None:
    maps = pair(
        {"string": "/a", "endpoint": "a", "methods": ["GET"]},
        {"string": "/dir/", "endpoint": "dir"},
        {"string": "/page/", "endpoint": "page", "defaults": {"n": 1}},
        {"string": "/page/<int:n>", "endpoint": "page"},
    )
    calls = [("/a", "GET"), ("/a", "PUT"), ("/dir", "GET"), ("/dir//", "GET"), ("/page/1", "GET"), ("/new", "GET")]
    assert answers(maps[1], *calls) == answers(maps[0], *calls)
    for url_map in maps:
        CHANGES[change](url_map)
    assert answers(maps[1], *calls) == answers(maps[0], *calls)


def test_subclasses_keep_their_say() -> None:
    class Updating(UrlMap):
        updates = 0

        def update(self) -> None:
            self.updates += 1
            super().update()

    class Stubborn(Rule):
        def suitable_for(self, values: t.Any, method: str | None = None) -> bool:
            return False

        def build(self, values: t.Any, append_unknown: bool = True) -> tuple[str, str]:
            return "", "/never"

    url_map = Updating([Stubborn("/a", endpoint="a"), Rule("/b", endpoint="a")])
    adapter = url_map.bind("a.test")
    before = url_map.updates
    assert adapter.match("/a") == ("a", {})
    assert url_map.updates > before
    assert adapter.build("a") == "/b"


def test_odd_input_fails_as_werkzeug() -> None:
    for call in (
        lambda a: a.match("/\udc80"),
        lambda a: a.match(b"/x"),
        lambda a: a.match("/a", "GÉT"),
        lambda a: a.build(["unhashable"]),
        lambda a: a.build("n", {"n": "\udc80"}),
        lambda a: a.build("n", {1: 2, "n": 3}),
        lambda a: a.build("n", {"n": "x"}, "POST", True, False, "https"),
    ):
        rules = [{"string": "/<n>", "endpoint": "n"}, {"string": "/a", "endpoint": "a", "methods": ["GET"]}]
        stock, ours = (outcome([], call, url_map.bind("a.test")) for url_map in pair(*rules))
        assert ours == stock


def test_looks_like_a_map() -> None:
    stock, ours = pair({"string": "/a/<int:x>", "endpoint": "a"}, {"string": "/", "endpoint": "i", "methods": ["PUT"]})
    assert isinstance(ours, Map)
    assert repr(ours) == repr(stock)
    assert ours.is_endpoint_expecting("a", "x")
    assert not ours.is_endpoint_expecting("i", "x")
    assert [str(rule) for rule in ours.iter_rules()] == [str(rule) for rule in stock.iter_rules()]


def test_is_collected() -> None:
    url_map = UrlMap([Rule("/a/<x>", endpoint="a")])
    url_map.bind("a.test").match("/a/1")
    gone = weakref.ref(url_map)
    del url_map
    gc.collect()
    assert gone() is None


def test_serves_threads_while_rules_are_added() -> None:
    url_map = UrlMap([Rule("/r0", endpoint="r0")])
    failures: list[BaseException] = []
    done = threading.Event()

    def visit() -> None:
        adapter = url_map.bind("a.test")
        try:
            while not done.is_set():
                assert adapter.match("/r0") == ("r0", {})
        except BaseException as error:
            failures.append(error)

    visitors = [threading.Thread(target=visit) for _ in range(3)]
    for visitor in visitors:
        visitor.start()
    for number in range(1, 60):
        url_map.add(Rule(f"/r{number}/<int:x>", endpoint=f"r{number}"))
        assert url_map.bind("a.test").match(f"/r{number}/5") == (f"r{number}", {"x": 5})
    done.set()
    for visitor in visitors:
        visitor.join()
    assert not failures
