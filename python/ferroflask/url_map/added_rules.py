"""What the Rust side of `Map.add` needs in Python: the promise of a rule's builders, and the rehearsal that tells
whether Werkzeug's own code would leave the same on a rule. Loaded with the first rule; it must not know about apps.
"""

from __future__ import annotations

import typing as t

from werkzeug.routing import Rule

from .map import UrlMap

# Our map's own base: a program may have put our map in its place in `werkzeug.routing`, and what is rehearsed there
# must not ask for a rehearsal.
_MAP = UrlMap.__bases__[-1]

_compile_builder = Rule._compile_builder

#: What a bound method and its function have, beside being called.
_OF_METHODS = frozenset({"__func__", "__self__", "__name__", "__qualname__", "__code__", "__defaults__"})


class PromisedBuilder:
    """Stands for a rule's `_build` or `_build_unknown` until somebody calls it: then Werkzeug compiles it, for the rule
    as it was when it was added.
    """

    __slots__ = ("_append_unknown", "_made", "_rule", "_trace")

    def __init__(self, rule: Rule, trace: list[tuple[bool, str]], append_unknown: bool) -> None:
        self._rule = rule
        self._trace = trace
        self._append_unknown = append_unknown
        self._made: t.Callable[..., tuple[str, str]] | None = None

    def __call__(self, /, *args: t.Any, **values: t.Any) -> tuple[str, str]:
        return self._method()(*args, **values)

    def __getattr__(self, name: str) -> t.Any:
        if name in _OF_METHODS:
            return getattr(self._method(), name)
        raise AttributeError(f"{type(self).__name__!r} object has no attribute {name!r}", name=name, obj=self)

    def _method(self) -> t.Callable[..., tuple[str, str]]:
        made = self._made
        if made is None:
            rule = self._rule
            # Promised only where no default takes part; one that was given to the rule later never did.
            twin = object.__new__(type(rule))
            vars(twin).update(vars(rule), _trace=self._trace, defaults=None)
            made = self._made = _compile_builder(twin, self._append_unknown).__get__(rule, None)
            name = "_build_unknown" if self._append_unknown else "_build"
            if vars(rule).get(name) is self:
                setattr(rule, name, made)
        return made


class _Sample(Rule):
    """A rule whose builders are nobody's concern."""

    def _compile_builder(self, append_unknown: bool = True) -> t.Callable[..., tuple[str, str]]:
        return _no_builder


def _no_builder(self: Rule, **values: t.Any) -> tuple[str, str]:
    return "", ""


#: Attributes of a rule that can't be compared, or are compared in another way.
_APART = ("map", "_build", "_build_unknown", "_converters")


def _left_on(rule: Rule) -> list[object]:
    """Return what adding a rule has left on it, to be compared with another's."""
    plain = {name: value for name, value in vars(rule).items() if name not in _APART}
    converters = [(name, type(each), sorted(vars(each))) for name, each in rule._converters.items()]
    return [plain, converters, sorted(vars(rule))]


def added_alike() -> bool:
    """Add a rule with a bit of everything natively and as Werkzeug does, and tell whether that makes no difference."""
    theirs, ours = _MAP(), UrlMap()
    text = "/a.b/<c>-<int(min=2):d>//<path:e>/f/"
    facts: dict[str, t.Any] = {"endpoint": "g", "subdomain": "<h>.i", "methods": ["GET"]}
    try:
        their_rule: Rule = _Sample(text, **facts)
        our_rule = Rule(text, **facts)
        theirs.add(their_rule)
        # Rules compare equal only within a class.
        their_rule.__class__ = Rule
        return (
            ours._add_untried(our_rule)
            and _left_on(our_rule) == _left_on(their_rule)
            and ours._matcher._root == theirs._matcher._root
            and list(ours._rules_by_endpoint) == list(theirs._rules_by_endpoint)
        )
    except Exception:
        # Another Werkzeug, with other names.
        return False
