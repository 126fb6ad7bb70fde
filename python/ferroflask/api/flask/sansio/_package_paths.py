"""Where a package or module lies on disk, and whether it is installed. Knows the import system, not applications."""

from __future__ import annotations

import importlib.util
import os
import sys
from collections.abc import Sequence
from typing import TYPE_CHECKING, cast

if TYPE_CHECKING:
    from importlib.machinery import ModuleSpec


def find_package(import_name: str) -> tuple[str | None, str]:
    """Return where a package is installed and the folder that it is imported from, as (prefix, folder).

    The prefix is the folder above `lib`: Python's own or a virtual environment's. None when the package is not
    installed.

    Args:
        import_name: the dotted name of a package or module.
    """
    folder = _find_package_path(import_name)
    own_prefix = os.path.abspath(sys.prefix)
    if _is_inside(folder, own_prefix):
        return own_prefix, folder
    return _prefix_of_site_packages(folder), folder


def _prefix_of_site_packages(folder: str) -> str | None:
    above, last = os.path.split(folder)
    if last.lower() != "site-packages":
        return None
    higher, middle = os.path.split(above)
    if middle.lower() == "lib":  # Windows: prefix\Lib\site-packages
        return higher
    if os.path.basename(higher).lower() == "lib":  # elsewhere: prefix/lib/python3.x/site-packages
        return os.path.dirname(higher)
    return above


def _find_package_path(import_name: str) -> str:
    """The folder that holds the top-level package or module; the working directory when it can't be found."""
    spec = _top_level_spec(import_name)
    if spec is None:
        return os.getcwd()
    portions = spec.submodule_search_locations
    if not portions:
        return os.path.dirname(cast(str, spec.origin))
    # Older Pythons say "namespace" where newer ones have no origin.
    if spec.origin is None or spec.origin == "namespace":
        return os.path.dirname(_namespace_portion(import_name, portions))
    return os.path.dirname(os.path.dirname(spec.origin))


def _top_level_spec(import_name: str) -> ModuleSpec | None:
    try:
        return importlib.util.find_spec(import_name.partition(".")[0])
    except (ImportError, ValueError):
        # ValueError: `__main__`, which has no spec, or a name that can't be a module's.
        return None


def _namespace_portion(import_name: str, portions: Sequence[str]) -> str:
    """Of a namespace package's folders, the one that the name is in; the first when the name is no package."""
    spec = importlib.util.find_spec(import_name)
    if spec is None or not spec.submodule_search_locations:
        return portions[0]
    wanted = os.path.commonpath(spec.submodule_search_locations)
    return next(portion for portion in portions if _is_inside(wanted, portion))


def _is_inside(path: str, folder: str) -> bool:
    """Return whether a path is a folder or lies in it, by the text of both."""
    path, folder = (os.path.normcase(os.path.normpath(each)) for each in (path, folder))
    return path == folder or path.startswith(folder if folder.endswith(os.sep) else folder + os.sep)
