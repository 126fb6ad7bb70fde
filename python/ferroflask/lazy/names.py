"""Names that a module takes from another one which few programs need, given when somebody uses them. Werkzeug's request
class names its form parser; that brings the parsing of multipart bodies, temporary files and archives, and the engine
reads forms without it. It must not know which modules it is used for beyond the tables.
"""

from __future__ import annotations

import importlib
import sys
import typing as t
from types import ModuleType

if t.TYPE_CHECKING:
    from collections.abc import Callable

#: Module -> the one whose names wait.
BORROWERS = {"werkzeug.wrappers.request": "werkzeug.formparser"}
LENDERS = frozenset(BORROWERS.values())

#: What is loaded with a lender: package -> submodules that it has as attributes.
_SUBMODULES = {"werkzeug.formparser": {"werkzeug": ("formparser",), "werkzeug.sansio": ("multipart",)}}

#: Lender -> where its names are to be put when it is loaded: owner, attribute, what stands there.
_places: dict[str, list[tuple[t.Any, str, LateName]]] = {}


class LateName:
    """Stands for a function or a class: it may be called, and as an attribute of a class it is the real one. It equals
    what it stands for.
    """

    __slots__ = ("home", "name")

    def __init__(self, home: str, name: str) -> None:
        self.home = home
        self.name = name

    def _fetch(self) -> t.Any:
        return getattr(importlib.import_module(self.home), self.name)

    def __call__(self, *args: t.Any, **kwargs: t.Any) -> t.Any:
        return self._fetch()(*args, **kwargs)

    def __get__(self, obj: object, kind: type | None = None) -> t.Any:
        return self._fetch()

    def __eq__(self, other: object) -> bool:
        # Nobody can hold the real one before it is loaded.
        lender = sys.modules.get(self.home)
        return other is self or (lender is not None and other is vars(lender).get(self.name))

    def __hash__(self) -> int:
        return hash((self.home, self.name))


class _Lender(ModuleType):
    """Stands in for a lender while the borrower runs, and gives to nobody else."""

    def __init__(self, name: str, borrower: ModuleType) -> None:
        super().__init__(name)
        self.__borrower = vars(borrower)

    def __getattr__(self, name: str) -> LateName:
        if name.startswith("__") or sys._getframe(1).f_globals is not self.__borrower:
            raise AttributeError(name)
        return LateName(self.__name__, name)


def run_with_late_names(module: ModuleType, run: Callable[[ModuleType], None]) -> None:
    """Let `run` execute a borrower without its lender. If it wants more of the names than to keep them, or the lender
    is loaded already, it is run as it is.
    """
    home = BORROWERS[module.__name__]
    if home in sys.modules:
        run(module)
        return
    before = dict(vars(module))
    sys.modules[home] = _Lender(home, module)
    try:
        run(module)
        failed = False
    except Exception:
        failed = True
    finally:
        del sys.modules[home]
    if failed:
        vars(module).clear()
        vars(module).update(before)
        run(module)
        return
    owners = [module, *(each for each in vars(module).values() if isinstance(each, type))]
    _places[home] = [
        (owner, name, value) for owner in owners for name, value in vars(owner).items() if isinstance(value, LateName)
    ]
    for package, submodules in _SUBMODULES[home].items():
        _answer_for(sys.modules[package], submodules)


def settle(lender: ModuleType) -> None:
    """Put the names of a lender that has just been loaded where they belong."""
    for owner, name, late in _places.pop(lender.__name__, ()):
        if vars(owner).get(name) is late:
            setattr(owner, name, getattr(lender, late.name))


def _answer_for(package: ModuleType, submodules: tuple[str, ...]) -> None:
    """Have a package import these submodules when it is asked for them, and list them among its names."""
    beside: Callable[[str], t.Any] | None = vars(package).get("__getattr__")

    def package_getattr(name: str) -> t.Any:
        if name in submodules:
            return importlib.import_module(f"{package.__name__}.{name}")
        if beside is not None:
            return beside(name)
        raise AttributeError(f"module {package.__name__!r} has no attribute {name!r}", name=name, obj=package)

    def package_dir() -> list[str]:
        return sorted({*vars(package), *submodules})

    package.__getattr__ = package_getattr  # type: ignore[method-assign]
    package.__dir__ = package_dir  # type: ignore[method-assign]
