"""How a former attribute of a class is described and found. It is a descriptor on the class of today, so it costs
nothing until its first access; which attributes there are is not known here.

Objects don't list them, so that whatever goes through all attributes of an object (`inspect.getmembers`, `autospec`, a
debugger) meets none. Where a warning is an error they are not there.
"""

from __future__ import annotations

import typing as t
from collections.abc import Callable, Mapping

from .registry import is_tolerated


class LegacyMember:
    """An attribute that objects of a class no longer have. An attribute set on the object or in a subclass wins.

    `provide(object)` returns the value; of a method, the bound function.
    """

    def __init__(self, provide: Callable[[t.Any], t.Any], era: str, advice: str) -> None:
        self.provide = provide
        #: "0.1 to 3.0": the first release with the attribute, the first without it.
        self.era = era
        self.advice = advice
        self.owner = self.name = ""

    def __set_name__(self, owner: type, name: str) -> None:
        self.owner, self.name = owner.__name__, name

    @property
    def text(self) -> str:
        """What the warning says."""
        return f"'{self.owner}.{self.name}' was removed in {self.era.rpartition(' ')[2]}. {self.advice}"

    def __get__(self, obj: t.Any, owner: type | None = None) -> t.Any:
        if obj is None:
            return self
        if is_tolerated(self.text):
            return self.provide(obj)
        if self.name in vars(obj):
            return vars(obj)[self.name]
        raise AttributeError(f"{type(obj).__name__!r} object has no attribute {self.name!r}", name=self.name, obj=obj)


class LegacySetting(LegacyMember):
    """A former attribute that may be assigned too: `store(object, value)` does what that meant.

    It is an attribute of the class in both directions, so `provide` has to find what was stored.
    """

    def __init__(
        self, provide: Callable[[t.Any], t.Any], store: Callable[[t.Any, t.Any], None], era: str, advice: str
    ) -> None:
        super().__init__(provide, era, advice)
        self.store = store

    def __set__(self, obj: t.Any, value: t.Any) -> None:
        if is_tolerated(self.text):
            self.store(obj, value)
        else:
            vars(obj)[self.name] = value


def add_members(cls: type, members: Mapping[str, LegacyMember]) -> None:
    """Give a class its former attributes back, except those it has today."""
    for name, member in members.items():
        if not hasattr(cls, name):
            member.__set_name__(cls, name)
            setattr(cls, name, member)
    if t.cast(object, cls.__dir__) is object.__dir__:
        cls.__dir__ = _todays_names  # type: ignore[assignment]


def _todays_names(self: object) -> list[str]:
    """List the names of an object's attributes without the former ones."""
    of_class: dict[str, t.Any] = {}
    for cls in reversed(type(self).__mro__):
        of_class.update(vars(cls))
    own = vars(self)
    return [name for name in object.__dir__(self) if name in own or not isinstance(of_class.get(name), LegacyMember)]
