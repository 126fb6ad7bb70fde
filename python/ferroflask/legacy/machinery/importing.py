"""Where former names meet the import system. `LibraryFinder` lets the modules that lost names answer for them as soon
as they are loaded, `FormerModules` comes last of all and makes the modules that are gone. The start-up hook puts
both in place when the first of the libraries is imported, our `flask` package does where no hook ran.

It must not import any of the libraries.
"""

from __future__ import annotations

import importlib
import sys
import typing as t
from collections.abc import Callable, Sequence
from importlib.machinery import ModuleSpec
from types import ModuleType

from ferroflask.lazy.modules import is_late, postpone
from ferroflask.lazy.names import BORROWERS, LENDERS, run_with_late_names, settle
from ferroflask.lazy.package import DEFERRED, run_lazily

from .lending import LENT, lent_to
from .registry import enabled, legacy_getattr, serve_in, table_of, warn_user

#: Modules that exist and have lost names: the keys of the libraries' tables (a test compares).
_HOSTS = """
    flask.json flask.helpers flask.globals flask.testing flask.signals flask.wrappers flask.views flask.logging
    flask.cli flask.debughelpers
    werkzeug werkzeug.exceptions werkzeug.http werkzeug.local werkzeug.routing werkzeug.security werkzeug.urls
    werkzeug.utils werkzeug.wrappers werkzeug.wsgi
    jinja2 jinja2.ext jinja2.filters jinja2.utils
    markupsafe itsdangerous
"""
HOSTS = frozenset(_HOSTS.split())

#: Modules that exist, whose classes or functions lost something, be it from Python: who gives it back.
MENDED = {
    "werkzeug.security": "ferroflask.legacy.werkzeug.passwords.mend",
    "werkzeug.exceptions": "ferroflask.legacy.machinery.library_members.mend_exceptions",
    "werkzeug.wrappers": "ferroflask.legacy.machinery.library_members.mend_wrappers",
    "werkzeug.test": "ferroflask.legacy.flask.client_extras.mend",
    "werkzeug.routing.rules": "ferroflask.legacy.werkzeug.wide_converters.mend",
    "flask.cli": "ferroflask.legacy.flask.cli_names.mend",
    "blinker": "ferroflask.legacy.machinery.library_members.mend_blinker",
    "flask_script.commands": "ferroflask.legacy.machinery.library_members.mend_flask_script",
}

#: Modules that are gone (True: packages): the other keys of the tables, and parents of those.
FORMER = {
    "flask.ext": True,
    "flask.exthook": False,
    "flask.scaffold": False,
    "flask._compat": False,
    "werkzeug._compat": False,
    "werkzeug.contrib": True,
    "werkzeug.contrib.atom": False,
    "werkzeug.contrib.cache": False,
    "werkzeug.contrib.fixers": False,
    "werkzeug.contrib.lint": False,
    "werkzeug.contrib.profiler": False,
    "werkzeug.contrib.securecookie": False,
    "werkzeug.contrib.sessions": False,
    "werkzeug.contrib.wrappers": False,
    "werkzeug.useragents": False,
    "werkzeug.wrappers.accept": False,
    "werkzeug.wrappers.auth": False,
    "werkzeug.wrappers.base_request": False,
    "werkzeug.wrappers.base_response": False,
    "werkzeug.wrappers.common_descriptors": False,
    "werkzeug.wrappers.cors": False,
    "werkzeug.wrappers.etag": False,
    "werkzeug.wrappers.json": False,
    "werkzeug.wrappers.user_agent": False,
    "jinja2._compat": False,
    "itsdangerous.jws": False,
}

#: All that the first finder has something to do for, beside what may run later.
_ATTENDED = frozenset({*HOSTS, *MENDED, *LENT, *DEFERRED, *BORROWERS, *LENDERS})

_EXTENSION = "flask.ext."


class LibraryFinder:
    """Finds a host module the way every other finder does, and has it served once it is loaded."""

    @classmethod
    def find_spec(
        cls, name: str, path: Sequence[str] | None = None, target: ModuleType | None = None
    ) -> ModuleSpec | None:
        """Answer for what is served here, and for what may run later, as a finder on `sys.meta_path`."""
        late = is_late(name)
        if not late and name not in _ATTENDED:
            return None
        for finder in sys.meta_path[sys.meta_path.index(cls) + 1 :]:
            spec = finder.find_spec(name, path, target)
            if spec is not None:
                if late:
                    return postpone(spec)
                _serve_when_loaded(spec)
                return spec
        return None


def _serve_when_loaded(spec: ModuleSpec) -> None:
    """Have the module served after its loader has run it. The loader stays the one it was."""
    loader: t.Any = spec.loader
    if not hasattr(loader, "__dict__") or not hasattr(loader, "exec_module"):
        return

    def exec_module(module: ModuleType) -> None:
        del loader.exec_module  # the instance's; the class has its own
        if module.__name__ in DEFERRED:
            run_lazily(module, loader.exec_module)
        elif module.__name__ in BORROWERS:
            run_with_late_names(module, loader.exec_module)
        elif module.__name__ in LENT:
            with lent_to(module.__name__):
                loader.exec_module(module)
        else:
            loader.exec_module(module)
        serve(module)

    loader.exec_module = exec_module


def serve(module: ModuleType) -> None:
    """Make one loaded module answer for what it lost, and give what was waiting for it."""
    name = module.__name__
    if name in LENDERS:
        settle(module)
    if name in HOSTS:
        serve_in(module)
    if name in MENDED:
        home, _, function = MENDED[name].rpartition(".")
        mend: Callable[[ModuleType], None] = getattr(importlib.import_module(home), function)
        mend(module)


class FormerModules:
    """Makes the modules of `FORMER`, and `flask.ext.name`, when no other finder knows them."""

    @staticmethod
    def find_spec(name: str, path: Sequence[str] | None = None, target: ModuleType | None = None) -> ModuleSpec | None:
        """Answer for modules that no longer exist, as a finder on `sys.meta_path`."""
        if name.startswith(_EXTENSION):
            return _extension_spec(name)
        is_package = FORMER.get(name)
        if is_package is None or not enabled():
            return None
        return ModuleSpec(name, t.cast(t.Any, _FormerLoader()), origin="ferroflask.legacy", is_package=is_package)


class _FormerLoader:
    """Makes a module whose names all come from its library's table."""

    def create_module(self, spec: ModuleSpec) -> None:
        """Leave it to the import system to make the module."""

    def exec_module(self, module: ModuleType) -> None:
        """Let the module answer for its former names."""
        name = module.__name__
        module.__doc__ = "Gone from its library; what it held is kept with a warning."
        names = table_of(name.partition(".")[0]).get(name, {})
        module.__all__ = [each for each in names if not each.startswith("_")]  # type: ignore[attr-defined]
        module.__getattr__ = legacy_getattr(name)  # type: ignore[method-assign]


def _extension_spec(name: str) -> ModuleSpec | None:
    """Find `flask.ext.name` as `flask_name`, else as `flaskext.name`; deeper modules below it likewise."""
    if not enabled():
        return None
    from importlib.util import find_spec

    wanted = name.removeprefix(_EXTENSION)
    for candidate in (f"flask_{wanted}", f"flaskext.{wanted}"):
        try:
            found = find_spec(candidate)
        except ImportError:
            continue
        if found is not None:
            return ModuleSpec(name, t.cast(t.Any, _ExtensionLoader(candidate)), origin=candidate)
    return None


class _ExtensionLoader:
    """Puts an extension's module where its name below `flask.ext` is looked for."""

    def __init__(self, today: str) -> None:
        self.today = today

    def create_module(self, spec: ModuleSpec) -> None:
        """Leave it to the import system to make a module, which nobody will see."""

    def exec_module(self, module: ModuleType) -> None:
        """Import the extension under its own name."""
        name = module.__name__
        warn_user(f"{name!r}: the package 'flask.ext' was removed in Flask 1.0. Import {self.today!r} instead.")
        # The import system takes what it finds here when we are done.
        sys.modules[name] = importlib.import_module(self.today)


def attend(after: object = None) -> None:
    """Put both finders into `sys.meta_path`, once: one right after the finder `after`, the other last. Modules that are
    loaded already are served at once. Does nothing when former names are switched off.
    """
    if not enabled() or LibraryFinder in sys.meta_path:
        return
    finders: list[t.Any] = sys.meta_path
    finders.insert(finders.index(after) + 1 if after in finders else 0, LibraryFinder)
    finders.append(FormerModules)
    for name in (*HOSTS, *MENDED):
        module = sys.modules.get(name)
        # A module that is being loaded right now is served too; its own names come first in any case.
        if module is not None:
            serve(module)
