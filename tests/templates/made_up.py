"""An object that can be shown, called, looped over and asked for anything: what whole templates are rendered with when
nobody knows what they want. Its text says how it was reached; whether it is true follows from that, too.
"""

from __future__ import annotations

import typing as t
import zlib
from collections.abc import Iterator

#: So many steps from a variable there is nothing more to loop over, so that recursive templates end.
DEPTH = 5


class MadeUp:
    """A value that knows only the way that led to it."""

    def __init__(self, path: str, depth: int = 0) -> None:
        self._path = path
        self._depth = depth

    def _step(self, text: str) -> MadeUp:
        return MadeUp(self._path + text, self._depth + 1)

    def __getattr__(self, name: str) -> MadeUp:
        if name.startswith("_") or name in ("jinja_pass_arg", "contextfunction"):
            raise AttributeError(name)
        return self._step(f".{name}")

    def __getitem__(self, key: object) -> MadeUp:
        if isinstance(key, int) and key > 2:
            raise IndexError(key)
        return self._step(f"[{key}]")

    def __call__(self, *args: object, **kwargs: object) -> MadeUp:
        names = [type(arg).__name__ for arg in args] + sorted(kwargs)
        return self._step(f"({','.join(names)})")

    def __iter__(self) -> Iterator[t.Any]:
        if self._depth < DEPTH:
            yield self._step("<0>")
            yield self._step("<1>")

    def __len__(self) -> int:
        return 2

    def __contains__(self, value: object) -> bool:
        return bool(self)

    def __bool__(self) -> bool:
        return zlib.crc32(self._path.encode()) % 3 != 0

    def __str__(self) -> str:
        return self._path

    __repr__ = __str__

    def __hash__(self) -> int:
        return zlib.crc32(self._path.encode())

    def __eq__(self, other: object) -> bool:
        return str(other) == self._path

    def __lt__(self, other: object) -> bool:
        return self._path < str(other)

    def __gt__(self, other: object) -> bool:
        return self._path > str(other)

    def __le__(self, other: object) -> bool:
        return self._path <= str(other)

    def __ge__(self, other: object) -> bool:
        return self._path >= str(other)

    def __int__(self) -> int:
        return len(self._path)

    __index__ = __int__

    def __add__(self, other: object) -> t.Any:
        return int(self) + other if isinstance(other, int | float) else self._path + str(other)

    def __radd__(self, other: t.Any) -> t.Any:
        return other + int(self) if isinstance(other, int | float) else str(other) + self._path

    def __sub__(self, other: t.Any) -> int:
        return int(self) - int(other)

    def __mod__(self, other: object) -> str:
        return f"{self._path}%{other}"
