"""Classes that Flask had once and nobody has today."""

from __future__ import annotations

import threading
import typing as t

from flask import Blueprint
from werkzeug.utils import cached_property

if t.TYPE_CHECKING:
    from types import ModuleType

T = t.TypeVar("T")


class Module(Blueprint):
    """A blueprint called like the last part of its import name; has its own `templates` and `static` folders."""

    def __init__(
        self,
        import_name: str,
        name: str | None = None,
        url_prefix: str | None = None,
        static_path: str | None = None,
        subdomain: str | None = None,
    ) -> None:
        if name is None:
            name = import_name.rpartition(".")[2]
        super().__init__(name, import_name, url_prefix=url_prefix, subdomain=subdomain, template_folder="templates")
        if static_path is not None:
            self.static_url_path = static_path


class JSONMixin:
    """Marks a class as one with JSON, which every request and response has."""


class locked_cached_property(cached_property[T]):
    """A `cached_property` that only one thread at a time may work out."""

    def __init__(self, fget: t.Callable[[t.Any], T], name: str | None = None, doc: str | None = None) -> None:
        super().__init__(fget, name=name, doc=doc)
        self.lock = threading.RLock()

    def __get__(self, obj: t.Any, owner: type | None = None) -> t.Any:
        """Work the value out on first use."""
        if obj is None:
            return self
        with self.lock:
            return super().__get__(obj, t.cast(type, owner))

    def __set__(self, obj: t.Any, value: T) -> None:
        """Replace the value."""
        with self.lock:
            super().__set__(obj, value)

    def __delete__(self, obj: t.Any) -> None:
        """Forget the value; it is worked out again on next access."""
        with self.lock:
            super().__delete__(obj)


class ExtensionImporter:
    """Made extensions importable under one package; the import system's own hook does that now for `flask.ext`."""

    def __init__(self, module_choices: t.Iterable[str], wrapper_module: str) -> None:
        self.module_choices = list(module_choices)
        self.wrapper_module = wrapper_module

    def install(self) -> None:
        """Nothing is left to do."""

    def find_module(self, fullname: str, path: t.Any = None) -> ModuleType | None:
        """Find nothing."""
        return None
