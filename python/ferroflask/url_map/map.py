"""The url map of an app: Werkzeug's ``Map`` and ``MapAdapter`` with matching and building done in Rust.

Rules, converters and errors are Werkzeug's own objects, and whatever the Rust side can't decide is answered by
Werkzeug's code in the base classes. Must not know about requests, contexts or apps.
"""

from __future__ import annotations

import typing as t

from werkzeug.routing import Map, MapAdapter, RequestRedirect, Rule

from .._core import MapCore

__all__ = ["UrlMap", "UrlMapAdapter"]

QueryArgs: t.TypeAlias = "t.Mapping[str, t.Any] | str | None"


class UrlMap(MapCore, Map):
    """A ``werkzeug.routing.Map`` that compiles its rules for the Rust matcher before the first match after a change."""

    @property
    def _rules(self) -> list[Rule]:
        self._doubt()
        return [rule for group in self._rules_by_endpoint.values() for rule in group]

    def iter_rules(self, endpoint: t.Any | None = None) -> t.Iterator[Rule]:
        # A rule in the caller's hands can be changed in place; the next match has a look.
        self._doubt()
        return super().iter_rules(endpoint)

    def __repr__(self) -> str:
        text = super().__repr__()
        # People print app.url_map; that goes on showing what it always did.
        return text.removeprefix("Url") if type(self) is UrlMap else text

    def bind(self, *args: t.Any, **kwargs: t.Any) -> UrlMapAdapter:
        return UrlMapAdapter.over(super().bind(*args, **kwargs))


class UrlMapAdapter(MapAdapter):
    """A ``MapAdapter`` that asks the map's Rust side first. ``map`` must be a :class:`UrlMap`."""

    map: UrlMap

    @classmethod
    def over(cls, adapter: MapAdapter) -> UrlMapAdapter:
        """Give an adapter made by Werkzeug our methods. It stays the same object."""
        if type(adapter) is MapAdapter:
            adapter.__class__ = cls
        return t.cast(UrlMapAdapter, adapter)

    # One signature stands for Werkzeug's two overloads.
    def match(
        self,
        path_info: str | None = None,
        method: str | None = None,
        return_rule: bool = False,
        query_args: QueryArgs = None,
        websocket: bool | None = None,
    ) -> tuple[t.Any, t.Mapping[str, t.Any]]:
        url_map = self.map
        domain = self.server_name if self.subdomain is None or url_map.host_matching else self.subdomain
        try:
            found = url_map._find(
                domain,
                self.path_info if path_info is None else path_info,
                (method or self.default_method).upper(),
                self.websocket if websocket is None else websocket,
            )
        except (TypeError, UnicodeEncodeError):
            # Not text, or text that has no UTF-8 form.
            found = None

        if found is None:
            return super().match(path_info, method, return_rule, query_args, websocket)  # type: ignore[call-overload,no-any-return]

        if found[0] is None:
            path, domain_part = found[1]
            query = self.query_args or {} if query_args is None else query_args
            redirect = RequestRedirect(self.make_redirect_url(path, query, domain_part))
            if domain_part is None:
                raise redirect from None
            raise redirect

        rule, values = found
        return rule if return_rule else rule.endpoint, values

    def build(
        self,
        endpoint: t.Any,
        values: t.Mapping[str, t.Any] | None = None,
        method: str | None = None,
        force_external: bool = False,
        append_unknown: bool = True,
        url_scheme: str | None = None,
    ) -> str:
        if not values or type(values) is dict:
            url = self.map._build_url(
                self,
                endpoint,
                t.cast("dict[str, t.Any]", values or {}),
                method,
                external=force_external,
                append_unknown=append_unknown,
                url_scheme=url_scheme,
            )
            if url is not None:
                return url

        # Nothing fits, which is Werkzeug's error to raise, or only its own builder can tell.
        return super().build(endpoint, values, method, force_external, append_unknown, url_scheme)
