"""The commands of an application or a blueprint: a group that is made on first access. Most processes serve
and run no command, and Click is a good part of what importing Flask costs. It must not know what a command does.
"""

from __future__ import annotations

import typing as t

if t.TYPE_CHECKING:
    from .cli import AppGroup


class _Named(t.Protocol):
    @property
    def name(self) -> str: ...


class Commands:
    """The attribute `cli`: an `AppGroup` named like its owner, the same one each time. It may be assigned."""

    @t.overload
    def __get__(self, owner: None, kind: type) -> Commands: ...

    @t.overload
    def __get__(self, owner: _Named, kind: type) -> AppGroup: ...

    def __get__(self, owner: _Named | None, kind: type) -> Commands | AppGroup:
        if owner is None:
            return self
        from .cli import AppGroup

        # Two threads that look first at the same time get one group.
        group: AppGroup = vars(owner).setdefault("cli", AppGroup(name=owner.name))
        return group
