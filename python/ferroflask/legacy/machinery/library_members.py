"""Attributes that classes of Werkzeug and Blinker had in older releases, and what Flask-Script needs of Python. Each
function gets a module that has just been loaded and gives them back.
"""

from __future__ import annotations

import typing as t

from .members import LegacyMember, add_members
from .registry import warn_user

if t.TYPE_CHECKING:
    from types import ModuleType


def _is_xhr(request: t.Any) -> bool:
    return bool(request.headers.get("X-Requested-With", "").lower() == "xmlhttprequest")


def _module(request: t.Any) -> str | None:
    return t.cast("str | None", request.blueprint)


_UTF8 = "It is UTF-8, always."

#: Of requests.
REQUEST: dict[str, LegacyMember] = {
    "is_xhr": LegacyMember(
        _is_xhr, "0.1 to 1.0", "Look at the header 'X-Requested-With', or at what the client accepts."
    ),
    "module": LegacyMember(_module, "0.2 to 1.0", "Use 'request.blueprint' instead."),
    "charset": LegacyMember(lambda request: "utf-8", "0.1 to 3.0", _UTF8),
    "url_charset": LegacyMember(lambda request: "utf-8", "0.5 to 3.0", _UTF8),
    "encoding_errors": LegacyMember(lambda request: "replace", "0.1 to 3.0", _UTF8),
    "disable_data_descriptor": LegacyMember(lambda request: False, "0.9 to 2.1", "It has no effect."),
}

#: Of responses.
RESPONSE: dict[str, LegacyMember] = {
    "charset": LegacyMember(lambda response: "utf-8", "0.1 to 3.0", _UTF8),
}


def mend_wrappers(wrappers: ModuleType) -> None:
    """Give requests and responses their former attributes."""
    add_members(wrappers.Request, REQUEST)
    add_members(wrappers.Response, RESPONSE)


def mend_exceptions(exceptions: ModuleType) -> None:
    """Give `HTTPException` its former class method `wrap`."""
    base = exceptions.HTTPException
    if hasattr(base, "wrap"):
        return

    def wrap(cls: type, exception: type, name: str | None = None) -> type:
        """Return a class that is both this HTTP error and another exception."""
        warn_user("'HTTPException.wrap' was removed in 2.1. Derive a class from both instead.")
        return type(name or cls.__name__, (cls, exception), {"__doc__": cls.__doc__, "__module__": cls.__module__})

    base.wrap = classmethod(wrap)


def _connected(signal: t.Any) -> t.Any:
    return signal.connected_to


#: Of signals.
SIGNAL: dict[str, LegacyMember] = {
    "temporarily_connected_to": LegacyMember(_connected, "0.9 to 1.9", "Use 'connected_to' instead."),
}


def mend_flask_script(commands: ModuleType) -> None:
    """Give Flask-Script, and nobody else, the `inspect.getargspec` that Python 3.11 dropped."""
    import inspect
    from types import ModuleType

    if hasattr(inspect, "getargspec") or vars(commands).get("inspect") is not inspect:
        return
    former = ModuleType("inspect")
    vars(former).update(vars(inspect), getargspec=lambda function: inspect.getfullargspec(function)[:4])
    commands.inspect = former  # type: ignore[attr-defined]


def mend_blinker(blinker: ModuleType) -> None:
    """Give signals their former method."""
    add_members(blinker.Signal, SIGNAL)
