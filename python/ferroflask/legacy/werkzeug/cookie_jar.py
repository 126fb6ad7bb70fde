"""The `cookie_jar` of Werkzeug's test client until 3.0: a `http.cookiejar.CookieJar` with the cookies of a client of
today.
"""

from __future__ import annotations

import typing as t
from datetime import timezone
from http.cookiejar import Cookie, CookieJar

if t.TYPE_CHECKING:
    from werkzeug.test import Client, Cookie as ClientCookie

#: What cookie jars put after a host name that has no dot.
_LOCAL = ".local"


class ClientCookieJar(CookieJar):
    """Shows a test client's cookies as they are now; make another one to see later ones. What is changed in the jar is
    changed in the client.
    """

    def __init__(self, client: Client) -> None:
        super().__init__()
        self._client = client
        for cookie in (client._cookies or {}).values():
            super().set_cookie(_as_jar_cookie(cookie))

    def set_cookie(self, cookie: Cookie) -> None:
        """Store a cookie in the client."""
        super().set_cookie(cookie)
        self._client.set_cookie(
            cookie.name,
            cookie.value or "",
            domain=_client_domain(cookie.domain),
            origin_only=not cookie.domain_specified,
            path=cookie.path,
            secure=cookie.secure,
            expires=cookie.expires,
        )

    def clear(self, domain: str | None = None, path: str | None = None, name: str | None = None) -> None:
        """Forget all cookies, or those of a domain, of a path in it, or one. KeyError if there is none."""
        before = {_key(cookie) for cookie in self}
        super().clear(domain, path, name)
        for host, folder, key in before - {_key(cookie) for cookie in self}:
            self._client.delete_cookie(key, domain=_client_domain(host), path=folder)


def _key(cookie: Cookie) -> tuple[str, str, str]:
    return cookie.domain, cookie.path, cookie.name


def _client_domain(domain: str) -> str:
    return domain.removesuffix(_LOCAL).removeprefix(".")


def _as_jar_cookie(cookie: ClientCookie) -> Cookie:
    host = cookie.domain if "." in cookie.domain else cookie.domain + _LOCAL
    expires = cookie.expires
    if expires is not None and expires.tzinfo is None:
        expires = expires.replace(tzinfo=timezone.utc)
    more: dict[str, t.Any] = {"HttpOnly": None} if cookie.http_only else {}
    if cookie.same_site is not None:
        more["SameSite"] = cookie.same_site
    return Cookie(
        version=0,
        name=cookie.key,
        value=cookie.value,
        port=None,
        port_specified=False,
        domain=host if cookie.origin_only else f".{host}",
        domain_specified=not cookie.origin_only,
        domain_initial_dot=False,
        path=cookie.path,
        path_specified=True,
        secure=bool(cookie.secure),
        expires=None if expires is None else int(expires.timestamp()),
        discard=expires is None,
        comment=None,
        comment_url=None,
        rest=more,
    )
