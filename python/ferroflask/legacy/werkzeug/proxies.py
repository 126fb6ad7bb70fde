"""`ProxyFix` with the argument it had until Werkzeug 0.14."""

from __future__ import annotations

import typing as t

from werkzeug.middleware.proxy_fix import ProxyFix as TodaysProxyFix


class ProxyFix(TodaysProxyFix):
    """Believes `num_proxies` proxies about the client, the scheme and the host. Today's arguments work as well."""

    def __init__(self, app: t.Any, num_proxies: int | None = None, **trusted: t.Any) -> None:
        if not trusted or num_proxies is not None:
            number = 1 if num_proxies is None else num_proxies
            trusted = {"x_for": number, "x_proto": number, "x_host": number, **trusted}
        super().__init__(app, **trusted)
        self.num_proxies = self.x_for
