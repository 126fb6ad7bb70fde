"""Sessions: the mapping that `flask.session` shows, and the interface that opens it at the start of a request and saves
it into the response. The default keeps the data in a signed cookie. When an application's interface is exactly that
default, the engine does the same work natively; this Python is the complete reference for it, and what subclasses build
on. It must not know how contexts open or track a session.
"""

from __future__ import annotations

import collections.abc as c
import hashlib
import typing as t
from datetime import datetime, timezone

from itsdangerous import BadSignature, URLSafeTimedSerializer
from werkzeug.datastructures import CallbackDict

from .json.tag import TaggedJSONSerializer

if t.TYPE_CHECKING:
    from .app import Flask
    from .wrappers import Request, Response


class SessionMixin(c.MutableMapping[str, t.Any]):
    """What a session has beyond a mapping's methods: whether it is permanent, new, modified, accessed."""

    #: Whether the session was made by this request. Stays False where an interface can't know.
    new = False

    #: Whether the data changed. Stays True where an interface can't know, so that it is saved.
    modified = True

    #: Whether the request looked at the session, set by the request context; the response then varies by cookie.
    accessed = False

    @property
    def permanent(self) -> bool:
        """Whether the session outlives the browser's, for `PERMANENT_SESSION_LIFETIME`. May be set, and is saved."""
        kept: bool = self.get("_permanent", False)
        return kept

    @permanent.setter
    def permanent(self, value: bool) -> None:
        self["_permanent"] = bool(value)


def _mark_modified(session: SecureCookieSession) -> None:
    session.modified = True


class SecureCookieSession(CallbackDict[str, t.Any], SessionMixin):
    """A session whose data travels in a signed cookie. It never counts as new.

    The client can read the data but not change it. Only changes of the mapping itself are noticed: code that changes a
    list or dict inside it sets `modified`.

    Args:
        initial: a mapping of the first content; None for an empty session.
    """

    #: Set by every change; without it no cookie is written, except to refresh a permanent session.
    modified = False

    def __init__(self, initial: c.Mapping[str, t.Any] | None = None) -> None:
        super().__init__(initial, _mark_modified)


def _refuse_change(session: NullSession, *_args: t.Any, **_kwargs: t.Any) -> t.NoReturn:
    raise RuntimeError(
        "The session is unavailable because no secret key was set. "
        " Set the secret_key on the application to something unique and secret."
    )


class NullSession(SecureCookieSession):
    """The empty session of an application without a secret key: it can be read, and any change raises RuntimeError.

    Args:
        initial: a mapping of the first content; None for an empty session.
    """

    __setitem__ = _refuse_change
    __delitem__ = _refuse_change
    setdefault = _refuse_change
    update = _refuse_change
    pop = _refuse_change
    popitem = _refuse_change
    clear = _refuse_change


class SessionInterface:
    """Where sessions come from and go to. Assign an instance of a subclass to `app.session_interface`.

    A subclass gives `open_session` and `save_session`. Requests of one session may run at the same time: a store of
    your own decides whether reads and writes take turns.
    """

    #: What `make_null_session` makes and `is_null_session` recognises.
    null_session_class = NullSession

    #: Whether session data passes through pickle; read by extensions.
    pickle_based = False

    def open_session(self, app: Flask, request: Request) -> SessionMixin | None:
        """Return the session of a request, before its URL is matched. Override it.

        Args:
            app: the application.
            request: the request, with the cookie.

        Returns a mapping with the attributes of `SessionMixin`, or None where there can't be a session.
        """
        raise NotImplementedError

    def save_session(self, app: Flask, session: SessionMixin, response: Response) -> None:
        """Store the session, or put it into the response, after the hooks of the request. Override it.

        Args:
            app: the application.
            session: the session, never a null session.
            response: the response, which can get the cookie.
        """
        raise NotImplementedError

    def is_null_session(self, obj: object) -> bool:
        """Return whether an object is the stand-in for a session, which is not saved.

        Args:
            obj: the object.
        """
        return isinstance(obj, self.null_session_class)

    def make_null_session(self, app: Flask) -> NullSession:
        """Return the stand-in for a session that `open_session` could not open, made of `null_session_class`.

        Args:
            app: the application.
        """
        return self.null_session_class()

    def should_set_cookie(self, app: Flask, session: SessionMixin) -> bool:
        """Return whether the response must carry the cookie: after a change, and to refresh a permanent session.

        Args:
            app: the application. `SESSION_REFRESH_EACH_REQUEST` decides whether permanent sessions are refreshed.
            session: the session.
        """
        refreshing = session.permanent and app.config["SESSION_REFRESH_EACH_REQUEST"]
        return session.modified or bool(refreshing)

    def get_expiration_time(self, app: Flask, session: SessionMixin) -> datetime | None:
        """Return when the cookie of a permanent session expires, in UTC; None lets it end with the browser's session.

        Args:
            app: the application, with its `permanent_session_lifetime`.
            session: the session.
        """
        if not session.permanent:
            return None
        return datetime.now(timezone.utc) + app.permanent_session_lifetime

    def get_cookie_name(self, app: Flask) -> str:
        """Return the name of the cookie, the setting `SESSION_COOKIE_NAME` of `app`."""
        name: str = app.config["SESSION_COOKIE_NAME"]
        return name

    def get_cookie_path(self, app: Flask) -> str:
        """Return the URL path the cookie is for: `SESSION_COOKIE_PATH` of `app`, else `APPLICATION_ROOT`."""
        path: str = app.config["SESSION_COOKIE_PATH"] or app.config["APPLICATION_ROOT"]
        return path

    def get_cookie_domain(self, app: Flask) -> str | None:
        """Return the domain whose hosts get the cookie, `SESSION_COOKIE_DOMAIN` of `app`; None for its own host."""
        domain: str | None = app.config["SESSION_COOKIE_DOMAIN"]
        return domain

    def get_cookie_secure(self, app: Flask) -> bool:
        """Return whether the cookie travels over HTTPS only, `SESSION_COOKIE_SECURE` of `app`."""
        secure: bool = app.config["SESSION_COOKIE_SECURE"]
        return secure

    def get_cookie_httponly(self, app: Flask) -> bool:
        """Return whether scripts of the page can't read the cookie, `SESSION_COOKIE_HTTPONLY` of `app`."""
        httponly: bool = app.config["SESSION_COOKIE_HTTPONLY"]
        return httponly

    def get_cookie_samesite(self, app: Flask) -> str | None:
        """Return "Strict", "Lax", "None" or None (no attribute), the setting `SESSION_COOKIE_SAMESITE` of `app`."""
        samesite: str | None = app.config["SESSION_COOKIE_SAMESITE"]
        return samesite

    def get_cookie_partitioned(self, app: Flask) -> bool:
        """Return whether the cookie is stored apart per embedding site, `SESSION_COOKIE_PARTITIONED` of `app`."""
        partitioned: bool = app.config["SESSION_COOKIE_PARTITIONED"]
        return partitioned


#: The serializer that all default interfaces share; tags registered here count for every application.
session_json_serializer = TaggedJSONSerializer()


def _lazy_sha1(string: bytes = b"") -> t.Any:
    """Start a SHA-1 digest of `string`. The name is looked up on call: a FIPS build may lack it, and must import."""
    return hashlib.sha1(string)


class _CookieScope(t.TypedDict):
    """The attributes by which a browser distinguishes cookies and decides where to send it."""

    domain: str | None
    path: str
    secure: bool
    httponly: bool
    samesite: str | None
    partitioned: bool


class SecureCookieSessionInterface(SessionInterface):
    """The default: the session is the cookie, tagged JSON under ItsDangerous' timed signature."""

    #: What `open_session` returns an instance of.
    session_class = SecureCookieSession

    #: Writes and reads the payload under the signature.
    serializer = session_json_serializer

    #: Mixed into the secret key, so that other signatures made with it don't pass as sessions.
    salt = "cookie-session"

    #: How ItsDangerous makes the signing key of secret and salt.
    key_derivation = "hmac"

    #: The digest of the signature; a callable like those of hashlib.
    digest_method = staticmethod(_lazy_sha1)

    def get_signing_serializer(self, app: Flask) -> URLSafeTimedSerializer | None:
        """Return what signs and checks the cookie, or None for an application without a secret key.

        The keys of `SECRET_KEY_FALLBACKS` are accepted too; the secret key comes last, the place of the signing one.

        Args:
            app: the application.
        """
        if not (secret := app.secret_key):
            return None
        keys: list[t.Any] = list(app.config["SECRET_KEY_FALLBACKS"] or ())
        keys.append(secret)
        signing = {"digest_method": self.digest_method, "key_derivation": self.key_derivation}
        return URLSafeTimedSerializer(keys, salt=self.salt, serializer=self.serializer, signer_kwargs=signing)

    def open_session(self, app: Flask, request: Request) -> SecureCookieSession | None:
        """Return the session that the cookie holds; an empty one for a missing, forged or expired cookie.

        Args:
            app: the application. Without a secret key the result is None.
            request: the request, with the cookie.
        """
        signer = self.get_signing_serializer(app)
        if signer is None:
            return None
        cookie = request.cookies.get(self.get_cookie_name(app))
        if cookie:
            lifetime = int(app.permanent_session_lifetime.total_seconds())
            try:
                return self.session_class(signer.loads(cookie, max_age=lifetime))
            except BadSignature:
                pass
        return self.session_class()

    def save_session(self, app: Flask, session: SessionMixin, response: Response) -> None:
        """Write, refresh or delete the cookie as the session's state requires, with `Vary: Cookie` where it mattered.

        Args:
            app: the application, with the settings of the cookie.
            session: the session.
            response: the response, which gets the cookie.
        """
        name = self.get_cookie_name(app)
        scope = self._cookie_scope(app)
        if session.accessed:
            response.vary.add("Cookie")
        if session:
            if not self.should_set_cookie(app, session):
                return
            expires = self.get_expiration_time(app, session)
            text = self.get_signing_serializer(app).dumps(dict(session))  # type: ignore[union-attr]
            response.set_cookie(name, t.cast(str, text), expires=expires, **scope)
        elif session.modified:
            response.delete_cookie(name, **scope)
        else:
            return
        response.vary.add("Cookie")

    def _cookie_scope(self, app: Flask) -> _CookieScope:
        return {
            "domain": self.get_cookie_domain(app),
            "path": self.get_cookie_path(app),
            "secure": self.get_cookie_secure(app),
            "httponly": self.get_cookie_httponly(app),
            "samesite": self.get_cookie_samesite(app),
            "partitioned": self.get_cookie_partitioned(app),
        }


if not t.TYPE_CHECKING:
    from ._reexports import borrow

    borrow(__name__)
