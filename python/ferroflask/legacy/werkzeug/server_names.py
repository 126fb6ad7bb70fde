"""What the setting SERVER_NAME decided in Flask 1.1: which hosts are served, and which of them get the session cookie.

For the switch in `era`; nothing here is active by itself.
"""

from __future__ import annotations

import copy
import typing as t
import warnings

from ..flask.functions import is_ip

if t.TYPE_CHECKING:
    from flask import Flask
    from flask.sessions import SessionInterface


def serve_that_host_only(app: Flask) -> None:
    """Make hosts that are neither SERVER_NAME nor below it a 404, and subdomains count in rules. Without SERVER_NAME
    nothing changes.
    """
    # A map with a default subdomain used that for every request, as it does today.
    if not app.url_map.default_subdomain:
        app.subdomain_matching = True


def cookie_domain(interface: SessionInterface, app: Flask) -> str | None:
    """Return SESSION_COOKIE_DOMAIN or, where that is not set, the host of SERVER_NAME, with its subdomains for an
    application at the root; None for a host that browsers take no such cookie for.
    """
    configured: str | None = app.config["SESSION_COOKIE_DOMAIN"]
    if configured is not None:
        return configured or None
    host = (app.config["SERVER_NAME"] or "").rsplit(":", 1)[0].lstrip(".")
    if not host:
        return None
    if "." not in host:
        warnings.warn(
            f"SERVER_NAME {host!r} makes no cookie domain: browsers want a dot in it. Try '{host}.localdomain'.",
            stacklevel=2,
        )
        return None
    return f".{host}" if interface.get_cookie_path(app) == "/" and not is_ip(host) else host


def take_cookie_domain(app: Flask, *, everywhere: bool) -> None:
    """Have the session cookie's domain decided by `cookie_domain`, unless the interface has its own way.

    For this application; `everywhere` is for all interfaces of the process.
    """
    from flask.sessions import SessionInterface

    interface = app.session_interface
    if everywhere:
        SessionInterface.get_cookie_domain = cookie_domain  # type: ignore[assignment, method-assign]
    elif type(interface).get_cookie_domain is SessionInterface.get_cookie_domain:
        # The default one belongs to all applications.
        mine = copy.copy(interface)
        mine.get_cookie_domain = lambda app: cookie_domain(mine, app)  # type: ignore[method-assign]
        app.session_interface = mine
