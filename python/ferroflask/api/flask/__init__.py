"""Flask's public names."""

from __future__ import annotations

import typing as t

# The check of what we depend on comes before everything that uses it.
from . import _requirements as _requirements, json as json
from .app import Flask as Flask
from .blueprints import Blueprint as Blueprint
from .config import Config as Config
from .ctx import (
    after_this_request as after_this_request,
    copy_current_request_context as copy_current_request_context,
    has_app_context as has_app_context,
    has_request_context as has_request_context,
)
from .globals import current_app as current_app, g as g, request as request, session as session
from .helpers import (
    abort as abort,
    flash as flash,
    get_flashed_messages as get_flashed_messages,
    get_template_attribute as get_template_attribute,
    make_response as make_response,
    redirect as redirect,
    send_file as send_file,
    send_from_directory as send_from_directory,
    stream_with_context as stream_with_context,
    url_for as url_for,
)
from .json import jsonify as jsonify
from .signals import (
    appcontext_popped as appcontext_popped,
    appcontext_pushed as appcontext_pushed,
    appcontext_tearing_down as appcontext_tearing_down,
    before_render_template as before_render_template,
    got_request_exception as got_request_exception,
    message_flashed as message_flashed,
    request_finished as request_finished,
    request_started as request_started,
    request_tearing_down as request_tearing_down,
    template_rendered as template_rendered,
)
from .templating import (
    render_template as render_template,
    render_template_string as render_template_string,
    stream_template as stream_template,
    stream_template_string as stream_template_string,
)
from .wrappers import Request as Request, Response as Response

if not t.TYPE_CHECKING:
    import sys as _sys

    from ferroflask._core import arm_guards as _arm_guards
    from ferroflask.legacy import legacy_getattr as _legacy_getattr
    from ferroflask.legacy.flask.members import mend as _mend
    from ferroflask.legacy.machinery.importing import attend as _attend

    def _submodule(name: str) -> t.Any:
        # Part of the package from the start; its library is loaded on first use.
        if name == "cli":
            from importlib import import_module

            return import_module("flask.cli")
        if name == "__all__":
            # What `import *` takes.
            return [*(each for each in vars(_sys.modules[__name__]) if not each.startswith("_")), "cli"]
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")

    # Programs print it, and stock's is None.
    __doc__ = None
    __getattr__ = _legacy_getattr(__name__, _submodule)
    _mend()
    _attend()
    _arm_guards(__name__)
