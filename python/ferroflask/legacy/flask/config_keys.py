"""Configuration keys that Flask no longer reads. Those about JSON set today's provider; reading others gives what
their default was. A configuration does not know its application, so applications are noted here as they are made.
"""

from __future__ import annotations

import typing as t
from weakref import WeakValueDictionary

from ..machinery import era
from ..machinery.members import LegacyMember
from ..machinery.registry import is_tolerated
from .functions import get_env

if t.TYPE_CHECKING:
    from flask import Config, Flask

#: Key -> attribute of the default JSON provider, and the attribute's value for the key's.
JSON_KEYS: dict[str, tuple[str, t.Callable[[t.Any], t.Any]]] = {
    "JSON_AS_ASCII": ("ensure_ascii", bool),
    "JSON_SORT_KEYS": ("sort_keys", bool),
    "JSONIFY_PRETTYPRINT_REGULAR": ("compact", lambda pretty: False if pretty else None),
    "JSONIFY_MIMETYPE": ("mimetype", str),
}

#: Key -> what the application is without it.
DEFAULTS: dict[str, t.Callable[[], t.Any]] = {
    "ENV": get_env,
    "JSON_AS_ASCII": lambda: True,
    "JSON_SORT_KEYS": lambda: True,
    "JSONIFY_PRETTYPRINT_REGULAR": lambda: False,
    "JSONIFY_MIMETYPE": lambda: "application/json",
    "PRESERVE_CONTEXT_ON_EXCEPTION": lambda: None,
    "LOGGER_NAME": lambda: None,
    "LOGGER_HANDLER_POLICY": lambda: "always",
}

#: Keys whose values mean something when they are set.
_OBEYED = frozenset((*JSON_KEYS, era.KEY))

_apps: WeakValueDictionary[int, Flask] = WeakValueDictionary()


def watch(app: Flask) -> None:
    """Obey the keys that the application's configuration has now, and those it gets later."""
    _apps[id(app.config)] = app
    for key in _OBEYED & app.config.keys():
        _obey(app.config, key, app.config[key])


def _obey(config: Config, key: str, value: t.Any) -> None:
    """Throw the switch of the era, or set the provider's attribute that a key stood for."""
    app = _apps.get(id(config))
    if app is not None and app.config is not config:
        app = None
    if key == era.KEY:
        if app is not None:
            era.adopt(app)
        return
    attribute, read = JSON_KEYS[key]
    advice = f"{key!r} was removed from the configuration in Flask 2.3. Set 'app.json.{attribute}' instead."
    if not is_tolerated(advice) or app is None:
        return
    from flask.json.provider import DefaultJSONProvider

    if isinstance(app.json, DefaultJSONProvider):
        setattr(app.json, attribute, read(value))


def mend_config(cls: type[Config]) -> None:
    """Make a configuration class notice the former keys, in whatever way they are set, and answer for them."""

    def __setitem__(self: t.Any, key: t.Any, value: t.Any) -> None:
        dict.__setitem__(self, key, value)
        if key in _OBEYED:
            _obey(self, key, value)

    def update(self: t.Any, *args: t.Any, **kwargs: t.Any) -> None:
        """Take settings from a mapping or pairs (`args`) and from keywords (`kwargs`), as `dict.update` does."""
        given = dict(*args, **kwargs)  # what was given may be an iterator
        dict.update(self, given)
        for key in _OBEYED & given.keys():
            _obey(self, key, self[key])

    def setdefault(self: t.Any, key: t.Any, default: t.Any = None) -> t.Any:
        """Return the setting `key`, which is set to `default` first where it is missing."""
        if key in _OBEYED and key not in self:
            self[key] = default
        return dict.setdefault(self, key, default)

    def __missing__(self: t.Any, key: t.Any) -> t.Any:
        if key not in DEFAULTS or not is_tolerated(f"{key!r} is no longer a part of Flask's configuration."):
            raise KeyError(key)
        return DEFAULTS[key]()

    for method in (__setitem__, update, setdefault, __missing__):
        if method.__name__ not in vars(cls):
            setattr(cls, method.__name__, method)


def _from_json(config: Config) -> t.Callable[..., bool]:
    import json

    def from_json(filename: str, silent: bool = False) -> bool:
        return config.from_file(filename, json.load, silent=silent)

    return from_json


FROM_JSON = LegacyMember(_from_json, "0.11 to 2.1", "Use 'config.from_file(name, load=json.load)' instead.")
