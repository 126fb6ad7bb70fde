"""The opt-in for behaviours that can't be had together with today's: `FERROFLASK_ERA=1.1` in the environment for the
whole process, or `app.config["FERROFLASK_ERA"] = "1.1"` for one application's requests and answers. In 2.1 (with
Werkzeug 2.1):

- `url_for` quotes `/`, `:`, `?` and `@` in queries (`former_urls`).
- Test clients in nested `with` blocks share the context that stays (`client_contexts`).
- A redirect to `/x?` keeps its question mark (`former_urls`).
- `request.json` and `get_json()` answer 400 for a body of another content type; today they answer 415.
- Declaring after the first request, or on a blueprint that is registered, warns; today it is an AssertionError.
- A route converter's regular expression may match slashes (`.*`).
- SERVER_NAME is the cookie's domain and the only host that is served (`server_names`).
- Forms have no limit of their own: MAX_FORM_MEMORY_SIZE and MAX_FORM_PARTS are None unless they are set.

In 1.1 the same, but for the third and fourth:

- `url_for` quotes `!$'()*,;` as well.
- `request.json` and `get_json()` are None for a body of another content type.
- `Location` headers are absolute.
- `request.user_agent` has browser, version, platform and language.

In 1.0 all of 1.1, and:

- A handler of 500 gets the exception itself; today it gets InternalServerError with `original_exception`.

Classes and applications are changed when the switch is thrown, so requests pay for nothing.
"""

from __future__ import annotations

import os
import typing as t

from ..flask.client_contexts import share_contexts
from ..werkzeug.former_urls import QUOTED, keep_locations, quote_queries
from ..werkzeug.server_names import serve_that_host_only, take_cookie_domain
from .registry import is_tolerated

if t.TYPE_CHECKING:
    from flask import Flask
    from flask.typing import ErrorHandlerCallable

#: Name of the environment variable and of the configuration key.
KEY = "FERROFLASK_ERA"

#: What the switch may be set to: the behaviours are those that the last Flask of that name had with its Werkzeug.
ERAS = ("2.1", "1.1", "1.0")

#: Settings that limit forms since Flask 2.3 and 3.1.
_FORM_LIMITS = ("MAX_FORM_MEMORY_SIZE", "MAX_FORM_PARTS")

_LATE = "Since Flask 2.3 this is an AssertionError."


def asked_for(value: object) -> str | None:
    """Return the era that a value of the switch names. Raises ValueError for one that is not known."""
    if not value or value == "0":
        return None
    if str(value) not in ERAS:
        raise ValueError(f"{KEY} is {value!r}, and may be one of: {', '.join(ERAS)}")
    return str(value)


def everywhere() -> str | None:
    """Return the era that the environment names, for the whole process."""
    return asked_for(os.environ.get(KEY))


def _request_members(cls: t.Any, era: str) -> dict[str, t.Any]:
    from werkzeug.exceptions import BadRequest, UnsupportedMediaType

    from ..werkzeug.user_agents import UserAgent

    todays = cls.on_json_loading_failed

    def answer_400(self: t.Any, e: ValueError | None) -> t.Any:
        """Answer a body that can't be read as JSON, whether it is none or only called something else."""
        try:
            return todays(self, e)
        except UnsupportedMediaType as error:
            raise BadRequest() from error

    if era == "2.1":
        return {"on_json_loading_failed": answer_400, _MARK: True}

    def on_json_loading_failed(self: t.Any, e: ValueError | None) -> t.Any:
        """Answer a body that can't be read as JSON; without an error it only has another content type."""
        return None if e is None else todays(self, e)

    return {"on_json_loading_failed": on_json_loading_failed, "user_agent_class": UserAgent, _MARK: True}


def _response_members(cls: t.Any, era: str) -> dict[str, t.Any]:
    return {"autocorrect_location_header": era != "2.1", _MARK: True}


#: Marks classes that behave as in the era already.
_MARK = "_ferroflask_era"


def _derived(cls: type, members: t.Callable[[t.Any, str], dict[str, t.Any]], era: str) -> type:
    """Return a subclass with the members, under the class's own name."""
    if hasattr(cls, _MARK):
        return cls
    return type(cls.__name__, (cls,), {"__module__": cls.__module__, "__doc__": cls.__doc__, **members(cls, era)})


def _checker(todays: t.Callable[[t.Any, str], None]) -> t.Callable[[t.Any, str], None]:
    """Return a `_check_setup_finished` that warns where today's raises."""

    def _check_setup_finished(self: t.Any, f_name: str) -> None:
        try:
            todays(self, f_name)
        except AssertionError as error:
            if not is_tolerated(f"{str(error).splitlines()[0]} {_LATE}"):
                raise

    return _check_setup_finished


def _giver_of_originals(app: Flask) -> t.Callable[[Exception, list[str]], ErrorHandlerCallable | None]:
    """Return a `_find_error_handler` that has handlers of 500 called with what was raised."""
    todays = app._find_error_handler

    def _find_error_handler(e: Exception, blueprints: list[str]) -> ErrorHandlerCallable | None:
        handler = todays(e, blueprints)
        original = getattr(e, "original_exception", None)
        if handler is None or original is None:
            return handler
        return lambda _: app.ensure_sync(handler)(original)

    return _find_error_handler


def mend() -> None:
    """Change the classes of `flask` for the whole process, if the environment says so."""
    era = everywhere()
    if era is None:
        return
    from flask import Blueprint, Flask, Request, Response
    from werkzeug.datastructures import ImmutableDict

    changed: list[tuple[type, dict[str, t.Any]]] = [
        (Request, _request_members(Request, era)),
        (Response, _response_members(Response, era)),
        *((cls, {"_check_setup_finished": _checker(cls._check_setup_finished)}) for cls in (Flask, Blueprint)),
        # Every application is adopted when it is made.
        (Flask, {"default_config": ImmutableDict({**Flask.default_config, KEY: era})}),
    ]
    for cls, members in changed:
        for name, value in members.items():
            setattr(cls, name, value)


def adopt(app: Flask) -> None:
    """Take one application back: its request and response classes as they are now, its settings as far as they are the
    default ones, its hosts, its URLs, its test clients, and its check of late declaring.

    Called when its configuration gets the key.
    """
    era = asked_for(app.config.get(KEY))
    if era is None:
        return
    owner = vars(app)
    app.request_class = _derived(app.request_class, _request_members, era)
    app.response_class = _derived(app.response_class, _response_members, era)
    if "_check_setup_finished" not in owner and not everywhere():
        check = _checker(type(app)._check_setup_finished)
        owner["_check_setup_finished"] = check.__get__(app)
    for limit in _FORM_LIMITS:
        if app.config[limit] == app.default_config.get(limit):
            app.config[limit] = None
    serve_that_host_only(app)
    if "url_for" not in owner:
        quote_queries(app, QUOTED[era])
    if "test_client" not in owner:
        share_contexts(app)
    if era == "2.1" and "redirect" not in owner:
        keep_locations(app)
    take_cookie_domain(app, everywhere=everywhere() is not None)
    if era == "1.0" and "_find_error_handler" not in owner:
        owner["_find_error_handler"] = _giver_of_originals(app)
