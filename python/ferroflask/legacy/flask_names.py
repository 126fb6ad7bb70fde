"""Names and keyword arguments that the `flask` package had in older releases, each with what provides it today and what
the warning says. The tables are the whole knowledge: another name is another line in them. Nothing is imported before
somebody asks for it, and this module must not import `flask`, which asks it while being imported itself.
"""

from __future__ import annotations

import importlib
import sys
import typing as t
import warnings
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import FrameType


@dataclass(frozen=True)
class LegacyName:
    """A name no longer in its module: how to get what it stood for, and the text of the warning."""

    provide: Callable[[], t.Any]
    advice: str


@dataclass(frozen=True)
class LegacyKeyword:
    """A keyword argument that has another name today, and the text of the warning."""

    today: str
    advice: str


def moved(old: str, removed: str, new: str) -> LegacyName:
    """Describe a name that lives on elsewhere; `old` and `new` are dotted, `removed` is the first Flask without it."""
    home, _, name = new.rpartition(".")

    def provide() -> t.Any:
        return getattr(importlib.import_module(home), name)

    return LegacyName(provide, f"{old!r} was removed in Flask {removed}. Import {new!r} instead.")


def renamed(function: str, old: str, new: str, removed: str) -> LegacyKeyword:
    """Describe a keyword argument of `function` that changed its name; `removed` is the Flask release without it."""
    return LegacyKeyword(new, f"{function}({old}=...) was removed in Flask {removed}. Pass {new!r} instead.")


def _flask_version() -> str:
    from importlib.metadata import version  # slow to import, and few ask

    return version("flask")


#: Module name -> name -> what it was.
LEGACY_NAMES: dict[str, dict[str, LegacyName]] = {
    "flask": {
        "escape": moved("flask.escape", "3.0", "markupsafe.escape"),
        "Markup": moved("flask.Markup", "3.0", "markupsafe.Markup"),
        "__version__": LegacyName(
            _flask_version,
            "The '__version__' attribute is deprecated and will be removed in Flask 3.2. Use feature detection or"
            " 'importlib.metadata.version(\"flask\")' instead.",
        ),
    },
}

#: Function, as errors name it -> keyword -> what it is called today.
LEGACY_KEYWORDS: dict[str, dict[str, LegacyKeyword]] = {
    "Flask.__init__": {"static_path": renamed("Flask", "static_path", "static_url_path", "1.0")},
}


def legacy_getattr(module: str) -> Callable[[str], t.Any]:
    """Return the `__getattr__` of a module: legacy names with one DeprecationWarning at the line that asks, else
    AttributeError. Use: `__getattr__ = legacy_getattr(__name__)`.
    """
    names = LEGACY_NAMES.setdefault(module, {})

    def module_getattr(name: str) -> t.Any:
        known = names.get(name)
        if known is None:
            raise AttributeError(f"module {module!r} has no attribute {name!r}", name=name, obj=sys.modules.get(module))
        if not _is_import_probe(sys._getframe(1)):
            warnings.warn(known.advice, DeprecationWarning, stacklevel=2)
        return known.provide()

    return module_getattr


def _is_import_probe(frame: FrameType) -> bool:
    """Tell whether the import system asks. `from package import name` asks twice: first it only looks whether there is
    a submodule to import, then it takes the name; only the second is the user's line.
    """
    return frame.f_code.co_name == "_handle_fromlist" and frame.f_globals.get("__name__") == "importlib._bootstrap"


def todays_keywords(function: str, given: Mapping[str, t.Any], stacklevel: int = 3) -> dict[str, t.Any]:
    """Return a function's former keyword arguments under their names of today, with a DeprecationWarning each.

    `function` is a key of `LEGACY_KEYWORDS`, `given` what its `**legacy` collected. None counts as not given, as it did
    when the names were current. The warning points at the caller of the function that calls this; `stacklevel` moves
    it. Raises TypeError, in Python's words, for a name that never was.
    """
    names = LEGACY_KEYWORDS.get(function, {})
    today: dict[str, t.Any] = {}
    for old, value in given.items():
        known = names.get(old)
        if known is None:
            raise TypeError(f"{function}() got an unexpected keyword argument {old!r}")
        if value is not None:
            warnings.warn(known.advice, DeprecationWarning, stacklevel=stacklevel)
            today[known.today] = value
    return today
