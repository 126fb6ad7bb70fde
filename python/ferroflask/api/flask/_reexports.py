"""Names that Flask's modules have only because they use them, and that programs import from there all the same
(`from flask.app import Rule`, `from flask.cli import click`). Our modules use others, or load a library only when it is
needed: what they lack is fetched from its home on each access, where a test may have put a replacement.
"""

from __future__ import annotations

import sys
import typing as t
from importlib import import_module

from ferroflask.legacy.machinery.registry import serve_in

#: Name -> the module it lives in, or, after a colon, what it is called there. A module is its own home.
_HOMES = {
    "ast": "ast:",
    "cabc": "collections.abc:",
    "cli": "flask.cli:",
    "click": "click:",
    "contextvars": "contextvars:",
    "ft": "flask.typing:",
    "importlib": "importlib:",
    "inspect": "inspect:",
    "os": "os:",
    "pathlib": "pathlib:",
    "platform": "platform:",
    "re": "re:",
    "sys": "sys:",
    "t": "typing:",
    "traceback": "traceback:",
    "AppContext": "flask.ctx",
    "AppGroup": "flask.cli",
    "BaseEnvironment": "jinja2:Environment",
    "BaseLoader": "jinja2",
    "BaseResponse": "werkzeug.wrappers:Response",
    "ContextVar": "contextvars",
    "DispatchingJinjaLoader": "flask._jinja",
    "Environment": "flask._jinja",
    "F": "flask.ctx",
    "FileSystemLoader": "jinja2",
    "HTTPException": "werkzeug.exceptions",
    "Headers": "werkzeug.datastructures",
    "ImmutableDict": "werkzeug.datastructures",
    "LocalProxy": "werkzeug.local",
    "ModuleType": "types",
    "MutableMapping": "collections.abc",
    "ParameterSource": "click.core",
    "RequestContext": "flask.ctx",
    "ResponseBase": "werkzeug.wrappers:Response",
    "Rule": "werkzeug.routing",
    "T_shell_context_processor": "flask.sansio.app",
    "T_teardown": "flask.sansio.app",
    "T_template_filter": "flask.sansio.app",
    "T_template_global": "flask.sansio.app",
    "T_template_test": "flask.sansio.app",
    "Template": "flask._jinja",
    "TemplateNotFound": "jinja2",
    "TracebackType": "types",
    "UUID": "uuid",
    "_cv_app": "flask.globals",
    "_cv_request": "flask.globals",
    "_make_timedelta": "flask.sansio.app",
    "_url_quote": "urllib.parse:quote",
    "appcontext_popped": "flask.signals",
    "appcontext_pushed": "flask.signals",
    "appcontext_tearing_down": "flask.signals",
    "cached_property": "werkzeug.utils",
    "chain": "itertools",
    "current_app": "flask.globals",
    "default_exceptions": "werkzeug.exceptions",
    "get_root_path": "flask.helpers",
    "import_string": "werkzeug.utils",
    "iscoroutinefunction": "inspect",
    "is_running_from_reloader": "werkzeug.serving",
    "itemgetter": "operator",
    "request_ctx": "flask.globals",
    "request_finished": "flask.signals",
    "request_started": "flask.signals",
    "request_tearing_down": "flask.signals",
    "run_simple": "werkzeug.serving",
    "send_from_directory": "flask.helpers",
    "timedelta": "datetime",
    "update_wrapper": "functools",
}

#: Module -> what it borrows.
BORROWED = {
    "flask.app": """
        cli click Environment iscoroutinefunction is_running_from_reloader
        cabc timedelta chain _url_quote Headers ImmutableDict Rule BaseResponse AppContext
        current_app request_ctx send_from_directory appcontext_tearing_down request_finished request_started
        request_tearing_down T_shell_context_processor T_teardown T_template_filter T_template_global T_template_test
        _make_timedelta
    """,
    "flask.blueprints": "AppGroup os t timedelta current_app send_from_directory",
    "flask.cli": """
        ast cabc importlib inspect os platform re sys traceback update_wrapper itemgetter ModuleType click
        ParameterSource import_string F run_simple is_running_from_reloader
    """,
    "flask.config": "t",
    "flask.ctx": """
        contextvars sys update_wrapper TracebackType HTTPException appcontext_popped appcontext_pushed
    """,
    "flask.debughelpers": "t",
    "flask.globals": "ContextVar LocalProxy",
    "flask.json.tag": "UUID",
    "flask.logging": "t",
    "flask.sansio.app": "DispatchingJinjaLoader Environment t chain ft",
    "flask.sansio.blueprints": "os t update_wrapper ft",
    "flask.sansio.scaffold": """
        importlib os pathlib sys t update_wrapper BaseLoader FileSystemLoader default_exceptions HTTPException
        cached_property ft get_root_path
    """,
    "flask.sessions": "MutableMapping",
    "flask.templating": """
        BaseEnvironment BaseLoader DispatchingJinjaLoader Environment Template TemplateNotFound _cv_app _cv_request
    """,
    "flask.testing": "importlib TracebackType",
    "flask.typing": "cabc",
    "flask.views": "t ft",
    "flask.wrappers": "HTTPException ResponseBase",
}


def borrow(module: str) -> None:
    """Let one of these modules answer for the names it borrows, after the former names that it is served with."""
    owner = sys.modules[module]
    names = frozenset(BORROWED[module].split())

    def module_getattr(name: str) -> t.Any:
        if name not in names:
            raise AttributeError(f"module {module!r} has no attribute {name!r}", name=name, obj=owner)
        home, colon, there = _HOMES[name].partition(":")
        found = import_module(home)
        return found if colon and not there else getattr(found, there or name)

    is_served = "__getattr__" in vars(owner)
    owner.__getattr__ = module_getattr  # type: ignore[method-assign]
    if is_served:
        # It was when it began to load: once more, on top of this.
        serve_in(owner)
