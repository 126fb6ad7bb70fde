"""The opt-in for behaviours that can't be had together with today's: `FERROFLASK_ERA=1.1` in the environment for the
whole process, or `app.config["FERROFLASK_ERA"] = "1.1"` for one application's requests and answers.

- `request.json` and `get_json()` are None for a body of another content type; today they answer 415.
- `Location` headers are absolute.
- Declaring after the first request, or on a blueprint that is registered, warns; today it is an AssertionError.
- `request.user_agent` tells browser, version, platform and language.
- A route converter's regular expression may match slashes (`.*`).

Classes are changed or derived when the switch is thrown, so requests pay for nothing.
"""

from __future__ import annotations

import os
import typing as t

from .registry import warn_user

if t.TYPE_CHECKING:
    from flask import Flask

#: Name of the environment variable and of the configuration key.
KEY = "FERROFLASK_ERA"

#: What the switch may be set to; the behaviours are those that Flask 1.1 had with Werkzeug 1.0.
ERAS = ("1.1",)

_LATE = "Since Flask 2.3 this is an AssertionError."


def wanted(value: object) -> bool:
    """Tell whether a value of the switch asks for former behaviour. Raises ValueError for an era that is not known."""
    if not value or value == "0":
        return False
    if str(value) not in ERAS:
        raise ValueError(f"{KEY} is {value!r}, and may be one of: {', '.join(ERAS)}")
    return True


def everywhere() -> bool:
    """Tell whether the environment throws the switch for the whole process."""
    return wanted(os.environ.get(KEY))


def _request_members(cls: t.Any) -> dict[str, t.Any]:
    from .user_agents import UserAgent

    todays = cls.on_json_loading_failed

    def on_json_loading_failed(self: t.Any, e: ValueError | None) -> t.Any:
        """Answer a body that can't be read as JSON; without an error it only has another content type."""
        return None if e is None else todays(self, e)

    return {"on_json_loading_failed": on_json_loading_failed, "user_agent_class": UserAgent, _MARK: True}


def _response_members(cls: t.Any) -> dict[str, t.Any]:
    return {"autocorrect_location_header": True, _MARK: True}


#: Marks classes that behave as in the era already.
_MARK = "_ferroflask_era"


def _derived(cls: type, members: t.Callable[[t.Any], dict[str, t.Any]]) -> type:
    """Return a subclass with the members, under the class's own name."""
    if hasattr(cls, _MARK):
        return cls
    return type(cls.__name__, (cls,), {"__module__": cls.__module__, "__doc__": cls.__doc__, **members(cls)})


def _checker(todays: t.Callable[[t.Any, str], None]) -> t.Callable[[t.Any, str], None]:
    """Return a `_check_setup_finished` that warns where today's raises."""

    def _check_setup_finished(self: t.Any, f_name: str) -> None:
        try:
            todays(self, f_name)
        except AssertionError as error:
            warn_user(f"{str(error).splitlines()[0]} {_LATE}")

    return _check_setup_finished


def mend() -> None:
    """Change the classes of `flask` for the whole process, if the environment says so."""
    if not everywhere():
        return
    from flask import Blueprint, Flask, Request, Response

    changed: list[tuple[type, dict[str, t.Any]]] = [
        (Request, _request_members(Request)),
        (Response, _response_members(Response)),
        *((cls, {"_check_setup_finished": _checker(cls._check_setup_finished)}) for cls in (Flask, Blueprint)),
    ]
    for cls, members in changed:
        for name, value in members.items():
            setattr(cls, name, value)


def adopt(app: Flask) -> None:
    """Take one application back: its request and response classes as they are now, and its check of late declaring.

    Called when its configuration gets the key.
    """
    if not wanted(app.config.get(KEY)) or everywhere():
        return
    owner = vars(app)
    app.request_class = _derived(app.request_class, _request_members)
    app.response_class = _derived(app.response_class, _response_members)
    if "_check_setup_finished" not in owner:
        check = _checker(type(app)._check_setup_finished)
        owner["_check_setup_finished"] = check.__get__(app)
