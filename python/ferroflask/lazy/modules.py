"""Modules of Python's library that a module imports for a later day: what asks for a date, a UUID or a suggestion is
seldom the first thing that a program does. They are in `sys.modules` as usual, and run when somebody first looks at
them. It must not know of any module but those in `LATE`.
"""

from __future__ import annotations

import sys
import threading
import typing as t
from types import ModuleType

if t.TYPE_CHECKING:
    from importlib.machinery import ModuleSpec

#: Module -> who imports it without looking at it. For anybody else it is run at once, as ever.
LATE: dict[str, tuple[str, ...]] = {
    "decimal": ("flask.json.provider",),
    "difflib": ("werkzeug.routing.exceptions",),
    # With calendars, sockets and character sets behind it.
    "email.utils": ("werkzeug.http",),
    "mimetypes": ("werkzeug.utils", "werkzeug.datastructures.file_storage"),
    "pkgutil": ("werkzeug.utils",),
    "secrets": ("werkzeug.security",),
    "uuid": ("flask.json.provider", "flask.json.tag", "werkzeug.routing.converters"),
}

#: What the import system reads and writes on a module, whether it has run or not.
_OF_IMPORTING = frozenset(
    {"__class__", "__name__", "__loader__", "__package__", "__spec__", "__path__", "__file__", "__cached__"}
)


class _LateModule(ModuleType):
    """A module that has not run yet. Looking at it runs it, and makes it an ordinary one."""

    def __getattribute__(self, name: str) -> t.Any:
        if name not in _OF_IMPORTING:
            _run(self)
        return ModuleType.__getattribute__(self, name)

    def __setattr__(self, name: str, value: t.Any) -> None:
        if name not in _OF_IMPORTING:
            _run(self)
        object.__setattr__(self, name, value)

    def __delattr__(self, name: str) -> None:
        _run(self)
        object.__delattr__(self, name)


class _LateLoader:
    """Stands in for a module's loader until the module is run, and answers like it."""

    def __init__(self, loader: t.Any) -> None:
        self.loader = loader
        self.lock = threading.RLock()
        self.is_running = False

    def create_module(self, spec: ModuleSpec) -> ModuleType:
        """Make the module that will run itself."""
        return _LateModule(spec.name)

    def exec_module(self, module: ModuleType) -> None:
        """Leave it for later."""

    def __getattr__(self, name: str) -> t.Any:
        return getattr(self.loader, name)


def _run(module: ModuleType) -> None:
    """Run a late module, unless that has been done or this thread is at it; other threads wait until it is done."""
    spec: t.Any = object.__getattribute__(module, "__spec__")
    late = spec.loader
    if not isinstance(late, _LateLoader):
        return
    with late.lock:
        if late.is_running or spec.loader is not late:
            return
        late.is_running = True
        try:
            object.__setattr__(module, "__loader__", late.loader)
            late.loader.exec_module(module)
        finally:
            late.is_running = False
        spec.loader = late.loader
        object.__setattr__(module, "__class__", ModuleType)


def is_late(name: str) -> bool:
    """Return whether the module that a finder is asked for may run later: that depends on who imports it."""
    importers = LATE.get(name)
    if importers is None:
        return False
    frame = sys._getframe(2)
    while frame.f_back is not None and frame.f_globals.get("__name__", "").startswith("importlib._bootstrap"):
        frame = frame.f_back
    return frame.f_globals.get("__name__") in importers


def postpone(spec: ModuleSpec) -> ModuleSpec:
    """Have the module of a spec run when somebody looks at it."""
    if spec.loader is not None:
        spec.loader = t.cast(t.Any, _LateLoader(spec.loader))
    return spec
