"""Attributes that applications, blueprints and configurations had in older Flask, each with what provides it today and
what the warning says. `mend` gives them back to the classes when `flask` is imported.
"""

from __future__ import annotations

import typing as t
from datetime import timedelta
from functools import partial

from ..machinery import era
from ..machinery.members import LegacyMember, LegacySetting, add_members
from ..machinery.registry import enabled
from .config_keys import FROM_JSON, mend_config
from .first_request import before_first_request, first_request_functions, trigger_first_request_functions
from .functions import get_env

if t.TYPE_CHECKING:
    from flask import Blueprint, Flask


def _of_config(key: str, era: str) -> LegacySetting:
    """Describe an attribute that is a configuration key only."""

    def store(app: Flask, value: t.Any) -> None:
        app.config[key] = value

    return LegacySetting(lambda app: app.config[key], store, era, f"Use app.config[{key!r}] instead.")


def _max_age(app: Flask) -> timedelta | None:
    value = app.config["SEND_FILE_MAX_AGE_DEFAULT"]
    return value if value is None or isinstance(value, timedelta) else timedelta(seconds=value)


def _propagates(app: Flask) -> bool:
    value = app.config["PROPAGATE_EXCEPTIONS"]
    return bool(app.testing or app.debug) if value is None else bool(value)


def _store_key(key: str) -> t.Callable[[Flask, t.Any], None]:
    return lambda app, value: app.config.__setitem__(key, value)


def _store_coder(name: str) -> t.Callable[[t.Any, t.Any], None]:
    """Make what assigning an encoder or decoder class means: stored on the object, read by the app's JSON provider."""

    def store(owner: Flask | Blueprint, coder: type) -> None:
        from flask import Flask

        from .json_coders import use_coders

        vars(owner)[name] = coder
        if isinstance(owner, Flask):
            use_coders(owner)
        elif not owner._got_registered_once:
            owner.record(lambda state: use_coders(t.cast("Flask", state.app)))

    return store


def _coder(name: str, default: str | None, era: str) -> LegacySetting:
    def provide(owner: t.Any) -> t.Any:
        if name not in vars(owner) and default is not None:
            from . import json_coders

            return getattr(json_coders, default)
        return vars(owner).get(name)

    return LegacySetting(provide, _store_coder(name), era, "Customize 'app.json', a JSON provider, instead.")


def _before_app_first_request(blueprint: Blueprint, function: t.Any) -> t.Any:
    blueprint.record_once(lambda state: before_first_request(t.cast("Flask", state.app), function))
    return function


def _register_module(app: Flask, module: Blueprint, **options: t.Any) -> None:
    app.register_blueprint(module, **options)


def _store_static_path(app: Flask, value: str | None) -> None:
    app.static_url_path = value


_AT_SETUP = "Run the code while the application is set up."
_INTERFACE = "Use 'app.session_interface' instead."
_BLUEPRINTS = "Use blueprints instead."
_NOTHING = "It has no effect."
_LOGGING = "Configure logging with the 'logging' module."

#: Of applications.
APP: dict[str, LegacyMember] = {
    "before_first_request": LegacyMember(lambda app: partial(before_first_request, app), "0.8 to 2.3", _AT_SETUP),
    "before_first_request_funcs": LegacyMember(first_request_functions, "0.8 to 2.3", _AT_SETUP),
    "try_trigger_before_first_request_functions": LegacyMember(
        lambda app: partial(trigger_first_request_functions, app), "0.8 to 2.2", _AT_SETUP
    ),
    "got_first_request": LegacyMember(lambda app: app._got_first_request, "0.8 to 3.0", "Don't depend on it."),
    "json_encoder": _coder("json_encoder", "JSONEncoder", "0.10 to 2.3"),
    "json_decoder": _coder("json_decoder", "JSONDecoder", "0.10 to 2.3"),
    "env": LegacyMember(lambda app: app.config.get("ENV") or get_env(), "1.0 to 2.3", "Use 'app.debug' instead."),
    "session_cookie_name": _of_config("SESSION_COOKIE_NAME", "0.1 to 2.3"),
    "use_x_sendfile": _of_config("USE_X_SENDFILE", "0.2 to 2.3"),
    "templates_auto_reload": _of_config("TEMPLATES_AUTO_RELOAD", "1.0 to 2.3"),
    "send_file_max_age_default": LegacySetting(
        _max_age,
        _store_key("SEND_FILE_MAX_AGE_DEFAULT"),
        "0.5 to 2.3",
        "Use app.config['SEND_FILE_MAX_AGE_DEFAULT'] instead.",
    ),
    "propagate_exceptions": LegacySetting(
        _propagates, _store_key("PROPAGATE_EXCEPTIONS"), "0.7 to 2.3", "Use app.config['PROPAGATE_EXCEPTIONS'] instead."
    ),
    "preserve_context_on_exception": LegacyMember(lambda app: False, "0.7 to 2.2", _NOTHING),
    "open_session": LegacyMember(
        lambda app: partial(app.session_interface.open_session, app), "0.1 to 1.1", _INTERFACE
    ),
    "save_session": LegacyMember(
        lambda app: partial(app.session_interface.save_session, app), "0.1 to 1.1", _INTERFACE
    ),
    "make_null_session": LegacyMember(
        lambda app: partial(app.session_interface.make_null_session, app), "0.7 to 1.1", _INTERFACE
    ),
    "static_path": LegacySetting(
        lambda app: app.static_url_path, _store_static_path, "0.1 to 1.0", "Use 'static_url_path' instead."
    ),
    "error_handlers": LegacyMember(
        lambda app: app.error_handler_spec[None], "0.1 to 1.0", "Use 'app.error_handler_spec' instead."
    ),
    "register_module": LegacyMember(lambda app: partial(_register_module, app), "0.2 to 0.11", _BLUEPRINTS),
    "modules": LegacyMember(lambda app: app.blueprints, "0.2 to 0.11", _BLUEPRINTS),
    "enable_modules": LegacyMember(lambda app: True, "0.7 to 0.11", _BLUEPRINTS),
    "init_jinja_globals": LegacyMember(lambda app: lambda: None, "0.5 to 1.0", "Use 'create_jinja_environment'."),
    "request_globals_class": LegacyMember(
        lambda app: app.app_ctx_globals_class, "0.10 to 1.0", "Use 'app_ctx_globals_class' instead."
    ),
    "logger_name": LegacyMember(lambda app: app.logger.name, "0.3 to 1.0", _LOGGING),
    "debug_log_format": LegacyMember(
        lambda app: "%(levelname)s in %(module)s [%(pathname)s:%(lineno)d]:\n%(message)s", "0.1 to 1.0", _LOGGING
    ),
}

#: Of blueprints.
BLUEPRINT: dict[str, LegacyMember] = {
    "before_app_first_request": LegacyMember(
        lambda bp: partial(_before_app_first_request, bp), "0.8 to 2.3", _AT_SETUP
    ),
    "json_encoder": _coder("json_encoder", None, "1.0 to 2.3"),
    "json_decoder": _coder("json_decoder", None, "1.0 to 2.3"),
    "warn_on_modifications": LegacyMember(lambda bp: False, "0.7 to 2.3", _NOTHING),
}

#: Of configurations.
CONFIG: dict[str, LegacyMember] = {"from_json": FROM_JSON}


def _current_g(context: t.Any) -> t.Any:
    from flask import g

    return t.cast(t.Any, g)._get_current_object()


_LIFE = "A context ends with its request, always."

#: Of request contexts.
REQUEST_CONTEXT: dict[str, LegacyMember] = {
    "g": LegacyMember(_current_g, "0.1 to 2.2", "Use 'flask.g' instead."),
    "preserved": LegacyMember(lambda context: False, "0.7 to 2.2", _LIFE),
    "auto_pop": LegacyMember(lambda context: lambda exc: context.pop(exc), "0.9 to 2.2", _LIFE),
}

#: Of application contexts.
APP_CONTEXT: dict[str, LegacyMember] = {
    "_refcnt": LegacyMember(lambda context: 1, "0.9 to 2.2", "Don't depend on it."),
}


def mend() -> None:
    """Give all of it back to the classes of `flask`, unless former names are switched off."""
    from flask import Blueprint, Config, Flask
    from flask.ctx import AppContext, RequestContext

    if not enabled():
        return
    add_members(Flask, APP)
    add_members(Blueprint, BLUEPRINT)
    add_members(Config, CONFIG)
    add_members(RequestContext, REQUEST_CONTEXT)
    add_members(AppContext, APP_CONTEXT)
    mend_config(Config)
    era.mend()


def adopt(app: Flask) -> None:
    """Obey the former settings that an application's class brings along, and those that its configuration will get.

    Called at the end of the application's `__init__`.
    """
    if not enabled():
        return
    from .config_keys import watch

    watch(app)
    for name, member in APP.items():
        if not isinstance(member, LegacySetting):
            continue
        own = getattr(type(app), name, member)
        if own is member:
            continue
        if name.startswith("json_"):
            from .json_coders import use_coders

            use_coders(app)
        elif not hasattr(own, "__get__"):  # a plain value; a property of the subclass is its own affair
            member.store(app, own)
