"""`Request` and `Response`: Werkzeug's classes with the engine's natives below them and Flask's additions.

What Werkzeug's `Request.__init__` would set, `_core.RequestBase` makes on first access.
"""

from __future__ import annotations

import typing as t
from datetime import datetime, timedelta
from http import HTTPStatus

from werkzeug.exceptions import BadRequest
from werkzeug.wrappers import Request as WerkzeugRequest, Response as WerkzeugResponse

from ferroflask._core import RequestBase, add_request_attributes, fill_response, set_cookie

from . import json
from .globals import current_app
from .helpers import _split_blueprint_path

if t.TYPE_CHECKING:
    from werkzeug.exceptions import HTTPException
    from werkzeug.routing import Rule


def _text_of_former(value: object) -> str | None:
    from ferroflask.legacy.werkzeug.http_functions import cookie_text

    return cookie_text(value)


class _Limit:
    """A request limit: set on one request, or from the app's configuration, or Werkzeug's default outside of an app."""

    def __init__(self, config_key: str) -> None:
        self.config_key = config_key

    def __set_name__(self, owner: type, name: str) -> None:
        self.name = name
        self.own = f"_{name}"

    @t.overload
    def __get__(self, request: None, owner: type) -> _Limit: ...
    @t.overload
    def __get__(self, request: Request, owner: type) -> int | None: ...
    def __get__(self, request: Request | None, owner: type) -> t.Any:
        if request is None:
            return self
        own = getattr(request, self.own)
        if own is not None:
            return own
        if current_app:
            return current_app.config[self.config_key]
        return getattr(WerkzeugRequest, self.name)

    def __set__(self, request: Request, value: int | None) -> None:
        setattr(request, self.own, value)

    def __delete__(self, request: Request) -> None:
        raise AttributeError(f"property {self.name!r} of {type(request).__name__!r} object has no deleter")


add_request_attributes(WerkzeugRequest)


class Request(RequestBase, WerkzeugRequest):
    """The request a view sees as `flask.request`. Subclass it and set `Flask.request_class` to use your own."""

    #: What `get_json` reads with: the app's JSON provider, `flask.json` outside of an app.
    json_module: t.Any
    #: The rule that matched, or None.
    url_rule: Rule | None
    #: The view arguments that the URL gave, or None where nothing matched.
    view_args: dict[str, t.Any] | None
    #: What matching raised, or None.
    routing_exception: HTTPException | None

    if not t.TYPE_CHECKING:
        # In place of the one that Python adds to a class with instance attributes.
        __dict__ = RequestBase.__dict__["__dict__"]

    _max_content_length: int | None = None
    _max_form_memory_size: int | None = None
    _max_form_parts: int | None = None

    #: Most bytes of body to accept, from ``MAX_CONTENT_LENGTH``; None is no limit. More is answered with 413.
    max_content_length = _Limit("MAX_CONTENT_LENGTH")
    #: Most bytes a multipart field that is no file may have, from ``MAX_FORM_MEMORY_SIZE``. More is answered with 413.
    max_form_memory_size = _Limit("MAX_FORM_MEMORY_SIZE")
    #: Most parts a multipart body may have, from ``MAX_FORM_PARTS``. More is answered with 413.
    max_form_parts = _Limit("MAX_FORM_PARTS")  # type: ignore[assignment]

    @property
    def endpoint(self) -> str | None:
        """The endpoint that matched, or None where none did."""
        rule = self.url_rule
        return None if rule is None else t.cast("str | None", rule.endpoint)

    @property
    def blueprint(self) -> str | None:
        """The registered name of the blueprint that serves the request (dotted where nested), or None."""
        name, dot, _ = (self.endpoint or "").rpartition(".")
        return name if dot else None

    @property
    def blueprints(self) -> list[str]:
        """The registered names of that blueprint and its parents, innermost first."""
        name = self.blueprint
        return [] if name is None else _split_blueprint_path(name)

    def _load_form_data(self) -> None:
        super()._load_form_data()
        # In debug mode a form that forgot its enctype gets an error that says so.
        if current_app and current_app.debug and self.mimetype != "multipart/form-data" and not self.files:
            from .debughelpers import attach_enctype_error_multidict

            attach_enctype_error_multidict(self)

    def on_json_loading_failed(self, e: ValueError | None) -> t.Any:
        """Answer a body that is no JSON: 415 for another content type, else 400, with the reason in debug mode only."""
        try:
            return super().on_json_loading_failed(e)
        except BadRequest as error:
            if current_app and current_app.debug:
                raise
            raise BadRequest() from error


class Response(WerkzeugResponse):
    """The response a view's value becomes. Subclass it and set `Flask.response_class` to use your own."""

    default_mimetype: str | None = "text/html"
    json_module = json
    autocorrect_location_header = False

    def __init__(
        self,
        response: t.Any = None,
        status: int | str | HTTPStatus | None = None,
        headers: t.Any = None,
        mimetype: str | None = None,
        content_type: str | None = None,
        direct_passthrough: bool = False,
    ) -> None:
        if not fill_response(self, response, status, headers, mimetype, content_type, direct_passthrough):
            super().__init__(response, status, headers, mimetype, content_type, direct_passthrough)

    def set_cookie(
        self,
        key: str,
        value: str = "",
        max_age: timedelta | int | None = None,
        expires: str | datetime | int | float | None = None,
        path: str | None = "/",
        domain: str | None = None,
        secure: bool = False,
        httponly: bool = False,
        samesite: str | None = None,
        partitioned: bool = False,
    ) -> None:
        """Add a ``Set-Cookie`` header. `max_age` is in seconds, `expires` a moment or seconds since 1970.

        A cookie above `max_cookie_size` bytes causes a warning. Raises ValueError for an unknown `samesite`.
        """
        rest = (max_age, expires, path, domain, secure, httponly, samesite, partitioned)
        try:
            if set_cookie(self, key, value, *rest):
                return
        except (TypeError, UnicodeEncodeError):
            # Not looked at before, as it is next to always a text.
            former = _text_of_former(value)
            value = value if former is None else former
        # What it makes of arguments of other types is its own affair.
        super().set_cookie(key, value, *rest)

    @property
    def max_cookie_size(self) -> int:  # type: ignore[override]
        """Cookies above this many bytes cause a warning; the app's ``MAX_COOKIE_SIZE``. Read-only."""
        if current_app:
            return t.cast(int, current_app.config["MAX_COOKIE_SIZE"])
        return super().max_cookie_size


if not t.TYPE_CHECKING:
    from ._reexports import borrow

    borrow(__name__)
