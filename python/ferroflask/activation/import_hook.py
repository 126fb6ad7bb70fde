"""Makes the name ``flask`` mean our package in this process, and says whether it does.

The start-up hook calls it on the first ``import flask``; ``import ferroflask`` calls it too, for interpreters in
which no hook ran. This module must not import the engine or the ``flask`` package: looking a module
up has no other effect.
"""

from __future__ import annotations

import os
import sys
from importlib.machinery import ModuleSpec
from importlib.util import spec_from_file_location

# Without `pathlib`, which start-up has not loaded.
_FLASK_FOLDER = os.path.join(os.path.dirname(os.path.dirname(os.path.abspath(__file__))), "api", "flask")
_ENTRY = os.path.join(_FLASK_FOLDER, "__init__.py")
_HOOK = "_ferroflask_hook"


def enabled() -> bool:
    """Return whether the user left the take-over on. ``FERROFLASK=0`` in the environment switches it off."""
    return os.environ.get("FERROFLASK") != "0"


def flask_spec() -> ModuleSpec | None:
    """Return the import spec of our ``flask``, or None when it is switched off or its files are gone."""
    if not enabled() or not os.path.isfile(_ENTRY):
        return None
    return spec_from_file_location("flask", _ENTRY, submodule_search_locations=[_FLASK_FOLDER])


class FlaskFinder:
    """The finder of an interpreter that started without the hook (``-S``, a ``--target`` folder, a frozen app)."""

    @staticmethod
    def find_spec(name: str, path: object = None, target: object = None) -> ModuleSpec | None:
        """Answer for ``flask`` alone, as a finder on `sys.meta_path`."""
        return flask_spec() if name == "flask" else None


def active() -> bool:
    """Return whether ``flask`` is ours in this process: the module if it is imported, else what an import brings."""
    loaded = sys.modules.get("flask")
    if loaded is not None:
        return _is_ours(loaded)
    return _finder_is_there() and flask_spec() is not None


def hook_ran() -> bool:
    """Return whether the start-up hook has taken the name over in this process, without an import of ferroflask."""
    return _has_finder_of(_HOOK)


def install() -> bool:
    """Take the name ``flask`` over from here on, and return `active()`: False if ``FERROFLASK=0`` forbids it.

    Calling it again does nothing.

    Raises:
        RuntimeError: stock Flask has been imported already, so part of the program holds its objects.
    """
    if not enabled():
        return False
    loaded = sys.modules.get("flask")
    if loaded is not None and not _is_ours(loaded):
        where = getattr(loaded, "__file__", None) or "an unknown place"
        raise RuntimeError(
            f"'flask' was already imported from {where}, so ferroflask can't take its place."
            " Import ferroflask before the first import of flask, or start the program with 'python -m ferroflask'."
        )
    if not _finder_is_there():
        sys.meta_path.insert(0, FlaskFinder)
    return active()


def _is_ours(module: object) -> bool:
    return getattr(module, "__file__", None) == _ENTRY


def _finder_is_there() -> bool:
    return _has_finder_of(_HOOK) or _has_finder_of(__name__)


def _has_finder_of(module: str) -> bool:
    """Look for a finder by the name of its module: the hook's must not be imported by this file."""
    return any(getattr(finder, "__module__", "") == module for finder in sys.meta_path)
