"""Names and modules that the `flask` package had in older releases, each with what provides it today and what the
warning says. The tables are the whole knowledge: another name is another line in them. It must not import `flask`.
"""

from __future__ import annotations

from ..machinery.registry import LegacyName, Table, constant, kept, moved, version_of

_ALWAYS = "Signals are always there."
_JSON_ALWAYS = "JSON is always there."
_STACKS = "Use 'g' to keep values, 'flask.globals.app_ctx' and 'request_ctx' for the contexts themselves."
_CODER = "Customize 'app.json', a 'flask.json.provider.JSONProvider', instead."
_HTMLSAFE = "Use 'jinja2.utils.htmlsafe_json_dumps' instead."
_PY3 = "Use Python 3's own names."

_FLASK: dict[str, LegacyName] = {
    "__version__": version_of(
        "flask",
        "0.1 to 3.2",
        "The '__version__' attribute is deprecated and will be removed in Flask 3.2. Use feature detection or"
        " 'importlib.metadata.version(\"flask\")' instead.",
    ),
    "escape": moved("flask.escape", "0.1 to 3.0", "markupsafe.escape"),
    "Markup": moved("flask.Markup", "0.1 to 3.0", "markupsafe.Markup"),
    "_app_ctx_stack": kept("flask._app_ctx_stack", "0.9 to 3.0", "flask.contexts.app_ctx_stack", _STACKS),
    "_request_ctx_stack": kept("flask._request_ctx_stack", "0.1 to 3.0", "flask.contexts.request_ctx_stack", _STACKS),
    "json_available": constant("flask.json_available", "0.2 to 2.0", True, _JSON_ALWAYS),
    "signals_available": constant("flask.signals_available", "0.6 to 3.0", True, _ALWAYS),
    "safe_join": kept("flask.safe_join", "0.7 to 2.1", "flask.functions.safe_join", "Use 'werkzeug.utils.safe_join'."),
    "Session": moved("flask.Session", "0.8 to 1.1", "flask.sessions.SecureCookieSession"),
    "Module": kept("flask.Module", "0.2 to 0.11", "flask.classes.Module", "Use 'flask.Blueprint' instead."),
}

_HELPERS: dict[str, LegacyName] = {
    "safe_join": kept(
        "flask.helpers.safe_join", "0.7 to 2.1", "flask.functions.safe_join", "Use 'werkzeug.utils.safe_join'."
    ),
    "locked_cached_property": kept(
        "flask.helpers.locked_cached_property",
        "0.7 to 3.0",
        "flask.classes.locked_cached_property",
        "Use 'werkzeug.utils.cached_property', with a lock of your own if it has to be one.",
    ),
    "total_seconds": kept(
        "flask.helpers.total_seconds", "0.11 to 2.1", "flask.functions.total_seconds", "Use 'timedelta.total_seconds'."
    ),
    "get_env": kept("flask.helpers.get_env", "1.0 to 2.3", "flask.functions.get_env", "Use 'app.debug' instead."),
    "is_ip": kept("flask.helpers.is_ip", "1.0 to 3.0", "flask.functions.is_ip", "Use the 'ipaddress' module."),
    "_PackageBoundObject": moved("flask.helpers._PackageBoundObject", "0.5 to 2.0", "flask.sansio.scaffold.Scaffold"),
    "_request_ctx_stack": kept(
        "flask.helpers._request_ctx_stack", "0.1 to 3.0", "flask.contexts.request_ctx_stack", _STACKS
    ),
    "_app_ctx_stack": kept("flask.helpers._app_ctx_stack", "0.9 to 3.0", "flask.contexts.app_ctx_stack", _STACKS),
    "_matching_loader_thinks_module_is_package": kept(
        "flask.helpers._matching_loader_thinks_module_is_package",
        "0.8 to 2.0",
        "flask.functions.loader_thinks_module_is_package",
        "Ask the module's spec.",
    ),
    **{
        name: moved(f"flask.helpers.{name}", era, f"flask.sansio.scaffold.{name}")
        for name, era in {
            "_endpoint_from_view_func": "0.8 to 2.0",
            "find_package": "0.8 to 2.0",
            "_find_package_path": "1.0 to 2.0",
        }.items()
    },
}

_JSON: dict[str, LegacyName] = {
    "JSONEncoder": kept("flask.json.JSONEncoder", "0.10 to 2.3", "flask.json_coders.JSONEncoder", _CODER),
    "JSONDecoder": kept("flask.json.JSONDecoder", "0.10 to 2.3", "flask.json_coders.JSONDecoder", _CODER),
    "htmlsafe_dumps": kept("flask.json.htmlsafe_dumps", "0.10 to 2.3", "flask.json_coders.htmlsafe_dumps", _HTMLSAFE),
    "htmlsafe_dump": kept("flask.json.htmlsafe_dump", "0.10 to 2.3", "flask.json_coders.htmlsafe_dump", _HTMLSAFE),
    "tojson_filter": kept("flask.json.tojson_filter", "0.10 to 2.0", "flask.json_coders.tojson_filter", _HTMLSAFE),
    "detect_encoding": moved("flask.json.detect_encoding", "0.12 to 2.0", "json.detect_encoding"),
    "json_available": constant("flask.json.json_available", "0.2 to 2.0", True, _JSON_ALWAYS),
}

_GLOBALS: dict[str, LegacyName] = {
    "_app_ctx_stack": kept("flask.globals._app_ctx_stack", "0.9 to 3.0", "flask.contexts.app_ctx_stack", _STACKS),
    "_request_ctx_stack": kept(
        "flask.globals._request_ctx_stack", "0.1 to 3.0", "flask.contexts.request_ctx_stack", _STACKS
    ),
    "_app_ctx_err_msg": moved("flask.globals._app_ctx_err_msg", "0.9 to 2.2", "flask.globals._no_app_msg"),
    "_request_ctx_err_msg": moved("flask.globals._request_ctx_err_msg", "0.10 to 2.2", "flask.globals._no_req_msg"),
    **{
        name: kept(f"flask.globals.{name}", era, f"flask.contexts.{name[1:]}", _STACKS)
        for name, era in {
            "_find_app": "0.9 to 2.2",
            "_lookup_app_object": "0.9 to 2.2",
            "_lookup_req_object": "0.9 to 2.2",
        }.items()
    },
}

_COMPAT_NAMES = """
    PY2 text_type string_types integer_types iterkeys itervalues iteritems StringIO implements_to_string with_metaclass
    reraise fspath
"""
_SCAFFOLD_NAMES = """
    Scaffold setupmethod _endpoint_from_view_func _find_package_path find_package _sentinel F T_route
"""

#: Module name -> name -> what it was.
NAMES: Table = {
    "flask": _FLASK,
    "flask.helpers": _HELPERS,
    "flask.json": _JSON,
    "flask.globals": _GLOBALS,
    "flask.testing": {
        "make_test_environ_builder": kept(
            "flask.testing.make_test_environ_builder",
            "0.8 to 2.0",
            "flask.functions.make_test_environ_builder",
            "Use 'flask.testing.EnvironBuilder' instead.",
        ),
    },
    "flask.wrappers": {
        "JSONMixin": kept(
            "flask.wrappers.JSONMixin", "1.0 to 2.0", "flask.classes.JSONMixin", "Requests and responses have it all."
        ),
    },
    "flask.views": {
        "MethodViewType": constant(
            "flask.views.MethodViewType", "0.8 to 2.2", type, "'MethodView' needs no metaclass any more."
        ),
    },
    "flask.signals": {
        "signals_available": constant("flask.signals.signals_available", "0.6 to 2.3", True, _ALWAYS),
        "_FakeSignal": moved("flask.signals._FakeSignal", "0.6 to 2.3", "blinker.NamedSignal"),
    },
    "flask.logging": {
        "PROD_LOG_FORMAT": constant(
            "flask.logging.PROD_LOG_FORMAT",
            "0.11 to 1.0",
            "[%(asctime)s] %(levelname)s in %(module)s: %(message)s",
            "Set the format of 'flask.logging.default_handler'.",
        ),
        "DEBUG_LOG_FORMAT": constant(
            "flask.logging.DEBUG_LOG_FORMAT",
            "0.11 to 1.0",
            "%(levelname)s in %(module)s [%(pathname)s:%(lineno)d]:\n%(message)s",
            "Set the format of 'flask.logging.default_handler'.",
        ),
    },
    "flask.cli": {
        "call_factory": kept(
            "flask.cli.call_factory",
            "1.0 to 2.1",
            "flask.functions.call_factory",
            "Call the factory yourself.",
        ),
        "DispatchingApp": kept(
            "flask.cli.DispatchingApp",
            "0.11 to 2.2",
            "flask.cli_names.DispatchingApp",
            "'ScriptInfo.load_app' loads at once.",
        ),
        "find_default_import_path": kept(
            "flask.cli.find_default_import_path",
            "0.11 to 1.0",
            "flask.cli_names.find_default_import_path",
            "Read FLASK_APP from the environment.",
        ),
        "prepare_exec_for_file": moved("flask.cli.prepare_exec_for_file", "0.11 to 1.0", "flask.cli.prepare_import"),
    },
    "flask.debughelpers": {
        "explain_ignored_app_run": kept(
            "flask.debughelpers.explain_ignored_app_run",
            "1.0 to 2.2",
            "flask.functions.explain_ignored_app_run",
            "'app.run()' says so itself.",
        ),
    },
    "flask.exthook": {
        "ExtensionImporter": kept(
            "flask.exthook.ExtensionImporter",
            "0.8 to 1.0",
            "flask.classes.ExtensionImporter",
            "Import extensions under their own names.",
        ),
    },
    "flask._compat": {
        name: kept(f"flask._compat.{name}", "0.10 to 2.0", f"machinery.python2.{name}", _PY3)
        for name in _COMPAT_NAMES.split()
    },
    "flask.scaffold": {
        name: moved(f"flask.scaffold.{name}", "2.0 to 3.0", f"flask.sansio.scaffold.{name}")
        for name in _SCAFFOLD_NAMES.split()
    },
}
