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
    """What the client sent: the object behind `flask.request`.

        @app.post("/login")
        def login():
            name = request.form["name"]              # a form field; a missing one is a 400
            page = request.args.get("page", 1, int)  # ?page=2 in the URL
            theme = request.cookies.get("theme")

    `args`, `form`, `files`, `cookies` and `headers` are dicts of what came in; `data` is the body, `json` its value
    where it is JSON; `method`, `path` and `url` say what was requested. Subclass it and set `Flask.request_class` to
    use your own.

    Args:
        environ: the WSGI environment of the request, a dict.
        populate_request: whether the request is put into the environ, under `werkzeug.request`.
        shallow: whether reading the body is forbidden: it then raises RuntimeError.
    """

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
        """The name of the endpoint that the URL matched, such as `shop.cart`, or None where it matched none."""
        rule = self.url_rule
        if rule is None:
            return None
        endpoint: str | None = rule.endpoint
        return endpoint

    @property
    def blueprint(self) -> str | None:
        """The registered name of the blueprint that serves the request, with dots where it is nested, or None."""
        name, dot, _ = (self.endpoint or "").rpartition(".")
        return name if dot else None

    @property
    def blueprints(self) -> list[str]:
        """The registered names of the blueprint that serves the request and of its parents, innermost first."""
        name = self.blueprint
        return [] if name is None else _split_blueprint_path(name)

    def _load_form_data(self) -> None:
        super()._load_form_data()
        # In debug mode a form that forgot its enctype gets an error that says so.
        if current_app and current_app.debug and self.mimetype != "multipart/form-data" and not self.files:
            from .debughelpers import attach_enctype_error_multidict

            attach_enctype_error_multidict(self)

    def on_json_loading_failed(self, e: ValueError | None) -> t.Any:
        """Raise the error for a body that `get_json` can't read, or return a value in its place where it is overridden.

        Args:
            e: the error of the JSON reader; None when the content type is not JSON's.

        Raises:
            UnsupportedMediaType (415): the content type is not JSON's.
            BadRequest (400): the body is not JSON. The reason is in it in debug mode only.
        """
        try:
            return super().on_json_loading_failed(e)
        except BadRequest as error:
            if current_app and current_app.debug:
                raise
            raise BadRequest() from error


class Response(WerkzeugResponse):
    """What is sent to the client. Subclass it and set `Flask.response_class` to use your own.

    A view may return one, to say more than a text can:

        response = Response("id,name", mimetype="text/csv")
        response.headers["Cache-Control"] = "no-store"
        return response

    Args:
        response: the body: a `str`, `bytes`, or an iterable of them, which is sent piece by piece.
        status: the status, a number such as 404 or a text such as "404 Not Found"; 200 by default.
        headers: a dict or a list of pairs.
        mimetype: the media type, `text/html` by default; a text type gets `charset=utf-8` added.
        content_type: the whole Content-Type header, in place of `mimetype`.
        direct_passthrough: whether the pieces of the body are handed to the server as they are.
    """

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
        """Have the browser store a cookie.

            response.set_cookie("theme", "dark", max_age=30 * 24 * 3600)

        Args:
            key: the name.
            value: the text to store.
            max_age: how long, in seconds or as a timedelta; None ends it with the browser's session.
            expires: when it ends: a datetime, seconds since 1970, or the text of an HTTP date.
            path: the URL path below which it is sent back; `/` is all of the host.
            domain: the domain whose hosts get it; None is the host that set it only.
            secure: whether it travels over HTTPS only.
            httponly: whether scripts of the page can't read it.
            samesite: `Strict`, `Lax` or `None` as a text, for requests from other sites; None leaves it to the browser.
            partitioned: whether it is stored apart for each site that embeds this one; makes it `secure` too.

        A cookie above `max_cookie_size` bytes causes a warning. Raises ValueError for another `samesite`.
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
        """The bytes above which a cookie causes a warning: the application's setting `MAX_COOKIE_SIZE`. Read-only."""
        if current_app:
            return t.cast(int, current_app.config["MAX_COOKIE_SIZE"])
        return super().max_cookie_size


if not t.TYPE_CHECKING:
    from ._reexports import borrow

    borrow(__name__)
