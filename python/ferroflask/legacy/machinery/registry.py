"""How a former name is described, found and warned about. Which names there are is not known here: each library has a
table module `ferroflask.legacy.<library>.names`, loaded on access to a name that the library lacks today.

Where a program's filters make an error of the warning, the name is not there, as with the library alone: programs look
for old names to find out what they run on, and have a way without.
"""

from __future__ import annotations

import importlib
import os
import sys
import typing as t
import warnings
from collections.abc import Callable, Mapping
from types import FrameType, ModuleType

#: Libraries that have a table module.
LIBRARIES = ("flask", "werkzeug", "jinja2", "markupsafe", "itsdangerous", "blinker")

# Frames of these packages are never the line a warning is about.
_OURS = ("flask.", "ferroflask.", "werkzeug.", "importlib.", "_frozen_importlib")


class LegacyName:
    """A name that is no longer in its module: how to get what it stood for, the releases it was in, the warning."""

    # Neither dataclass nor named tuple: making such a class costs more than the rest of this module.
    __slots__ = ("advice", "era", "provide", "stays")

    def __init__(self, provide: Callable[[], t.Any], era: str, advice: str, stays: bool = False) -> None:
        self.provide = provide
        #: It is a part of the library's release of today, which warns of it itself.
        self.stays = stays
        #: "0.1 to 3.0": in the library's releases, the first with the name and the first without it.
        self.era = era
        self.advice = advice


Table = Mapping[str, Mapping[str, LegacyName]]


def enabled() -> bool:
    """Return whether the user left former names on. `FERROFLASK_LEGACY=0` in the environment switches them off."""
    return os.environ.get("FERROFLASK_LEGACY") != "0"


def fetch(dotted: str) -> t.Any:
    """Return an attribute of a module, by `package.module.name`."""
    home, _, name = dotted.rpartition(".")
    return getattr(importlib.import_module(home), name)


def moved(old: str, era: str, new: str) -> LegacyName:
    """Describe a name that lives on elsewhere; `old` and `new` are dotted."""
    return LegacyName(lambda: fetch(new), era, f"{_gone(old, era)} Import {new!r} instead.")


def kept(old: str, era: str, provider: str, advice: str) -> LegacyName:
    """Describe a name that only we still have, as `provider` (dotted, below `ferroflask.legacy`)."""
    return LegacyName(lambda: fetch(f"ferroflask.legacy.{provider}"), era, f"{_gone(old, era)} {advice}")


def constant(old: str, era: str, value: object, advice: str) -> LegacyName:
    """Describe a name that stood for a plain value."""
    return LegacyName(lambda: value, era, f"{_gone(old, era)} {advice}")


def version_of(package: str, era: str, advice: str, stays: bool = True) -> LegacyName:
    """Describe the `__version__` of a package. Where it is still there, `advice` is the library's own warning to the
    letter: filters name it.
    """

    def provide() -> str:
        from importlib.metadata import version  # slow to import, and seldom needed

        return version(package)

    return LegacyName(provide, era, advice, stays)


_TITLES = {"flask": "Flask", "werkzeug": "Werkzeug", "jinja2": "Jinja", "markupsafe": "MarkupSafe"}
_TITLES |= {"itsdangerous": "ItsDangerous", "blinker": "Blinker"}


def _gone(old: str, era: str) -> str:
    library = old.partition(".")[0]
    return f"{old!r} was removed in {_TITLES[library]} {era.rpartition(' ')[2]}."


def table_of(library: str) -> Table:
    """Return a library's table: module name -> name -> what it was. Empty for a library without one."""
    if library not in LIBRARIES:
        return {}
    names: Table = importlib.import_module(f"ferroflask.legacy.{library}.names").NAMES
    return names


def legacy_getattr(module: str, beside: Callable[[str], t.Any] | None = None) -> Callable[[str], t.Any]:
    """Return the `__getattr__` of a module: former names with a DeprecationWarning at the line that uses them, else
    AttributeError, which is also what comes of a warning that is an error. `beside` is a `__getattr__` that the module
    has already; it answers for all other names.

    Use: `__getattr__ = legacy_getattr(__name__)`.
    """

    def module_getattr(name: str) -> t.Any:
        # Before the tables: the import system reads every module's `__path__`.
        known = None if name in _NEVER else _lookup(module, name)
        if known is not None:
            if _is_import_probe(sys._getframe(1)):
                return known.provide()
            try:
                warnings.warn(known.advice, DeprecationWarning, stacklevel=2)
            except DeprecationWarning:
                if known.stays:
                    raise
            else:
                return known.provide()
        if beside is not None:
            return beside(name)
        raise AttributeError(f"module {module!r} has no attribute {name!r}", name=name, obj=sys.modules.get(module))

    return module_getattr


_NEVER = frozenset({"__path__", "__file__", "__spec__", "__all__", "__wrapped__", "__warningregistry__"})


def _lookup(module: str, name: str) -> LegacyName | None:
    known = table_of(module.partition(".")[0]).get(module, {}).get(name)
    return known if known is None or known.stays or enabled() else None


def _is_import_probe(frame: FrameType) -> bool:
    """Return whether the import system probes. `from package import name` reads twice: first it only looks whether
    there is a submodule to import, then it takes the name; only the second is the user's line.
    """
    return frame.f_code.co_name == "_handle_fromlist" and frame.f_globals.get("__name__") == "importlib._bootstrap"


def warn_user(advice: str) -> None:
    """Warn with DeprecationWarning at the innermost line that is not of Flask, Werkzeug, us or the import system."""
    frame = sys._getframe(1)
    while frame.f_back is not None and _is_inner(frame.f_globals.get("__name__", "")):
        frame = frame.f_back
    place, scope = frame.f_code.co_filename, frame.f_globals
    registry = scope.setdefault("__warningregistry__", {})
    warnings.warn_explicit(advice, DeprecationWarning, place, frame.f_lineno, scope.get("__name__", ""), registry)


def is_tolerated(advice: str) -> bool:
    """Warn as `warn_user` does. False when the program's filters make an error of it: then the former way is not there,
    and what happens is what happens today.
    """
    try:
        warn_user(advice)
    except DeprecationWarning:
        return False
    return True


def _is_inner(module: str) -> bool:
    return module in ("flask", "ferroflask", "werkzeug") or module.startswith(_OURS)


def serve_in(module: ModuleType) -> None:
    """Make a loaded module answer for its former names, after its own."""
    own = vars(module).get("__getattr__")
    if getattr(own, "__module__", None) != __name__:
        module.__getattr__ = legacy_getattr(module.__name__, own)  # type: ignore[method-assign]
