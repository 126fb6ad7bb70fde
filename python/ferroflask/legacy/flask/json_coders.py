"""JSON encoder and decoder classes, which Flask 0.10 to 2.2 took from `app.json_encoder`, `app.json_decoder` and the
blueprints' attributes of these names: the classes, and the provider that an application gets when one of them is set.
"""

from __future__ import annotations

import json
import typing as t

from flask import current_app, request
from flask.json import dumps
from flask.json.provider import DefaultJSONProvider, _default
from jinja2.utils import htmlsafe_json_dumps
from markupsafe import Markup

if t.TYPE_CHECKING:
    from flask import Flask
    from flask.sansio.app import App
    from flask.sansio.blueprints import Blueprint


class JSONEncoder(json.JSONEncoder):
    """Writes dates, decimals, UUIDs, dataclasses and objects with `__html__` too; override `default` for others."""

    def default(self, o: t.Any) -> t.Any:
        """Return a value that JSON knows for one it does not. Raises TypeError."""
        return _default(o)


class JSONDecoder(json.JSONDecoder):
    """Reads JSON as the standard library does."""


def chosen_coder(app: App, attribute: str) -> t.Any:
    """Return the encoder or decoder class that counts now: the request's blueprint's, else the app's, else None."""
    if request and request.blueprint is not None:
        own = _set_coder(app.blueprints[request.blueprint], attribute)
        if own is not None:
            return own
    return _set_coder(app, attribute)


def _set_coder(owner: App | Blueprint, attribute: str) -> t.Any:
    """Look an attribute up on an object and its class; what stands for "never set" is no class."""
    value = vars(owner).get(attribute)
    if value is None:
        value = getattr(owner.__class__, attribute, None)  # of what a weak proxy stands for
    return value if isinstance(value, type) else None


class CoderJSONProvider(DefaultJSONProvider):
    """The default provider, with the encoder and decoder classes of the app and its blueprints."""

    def dumps(self, obj: t.Any, **kwargs: t.Any) -> str:
        """Write with the encoder class that counts now; its `default` decides, not the provider's."""
        encoder = kwargs.pop("cls", None) or chosen_coder(self._app, "json_encoder")
        if encoder is None:
            return super().dumps(obj, **kwargs)
        layout = {"ensure_ascii": self.ensure_ascii, "sort_keys": self.sort_keys}
        return json.dumps(obj, cls=encoder, **{**layout, **kwargs})

    def loads(self, s: str | bytes, **kwargs: t.Any) -> t.Any:
        """Read with the decoder class that counts now."""
        decoder = kwargs.pop("cls", None) or chosen_coder(self._app, "json_decoder")
        return super().loads(s, **kwargs) if decoder is None else json.loads(s, cls=decoder, **kwargs)


def use_coders(app: Flask) -> None:
    """Give an application a provider that calls the coder classes, unless it has one that is not the default."""
    given = app.json
    if type(given) is not DefaultJSONProvider:
        return
    app.json = CoderJSONProvider(app)
    vars(app.json).update({name: value for name, value in vars(given).items() if name != "_app"})
    if "jinja_env" in vars(app):
        app.jinja_env.policies["json.dumps_function"] = app.json.dumps


def htmlsafe_dumps(obj: t.Any, **kwargs: t.Any) -> Markup:
    """Return JSON text that may stand in a script element or a single-quoted attribute."""
    app = kwargs.pop("app", None) or (current_app if current_app else None)
    return htmlsafe_json_dumps(obj, dumps=dumps if app is None else app.json.dumps, **kwargs)


def htmlsafe_dump(obj: t.Any, fp: t.IO[str], **kwargs: t.Any) -> None:
    """Write what `htmlsafe_dumps` returns to a text file."""
    fp.write(htmlsafe_dumps(obj, **kwargs))


def tojson_filter(obj: t.Any, **kwargs: t.Any) -> Markup:
    """The `tojson` filter of old templates."""
    return htmlsafe_dumps(obj, **kwargs)
