"""The ten signals an application sends, as Blinker signals. Only names: who sends them, and when, is not known here."""

from __future__ import annotations

from blinker import Namespace

# Ours alone; an extension makes its own Namespace.
_signals = Namespace()

# The context of the application: entered, about to be torn down (`exc=`), left.
appcontext_pushed = _signals.signal("appcontext-pushed")
appcontext_tearing_down = _signals.signal("appcontext-tearing-down")
appcontext_popped = _signals.signal("appcontext-popped")

# A request: begun, failed with an exception nobody handled (`exception=`), answered (`response=`), torn down (`exc=`).
request_started = _signals.signal("request-started")
got_request_exception = _signals.signal("got-request-exception")
request_finished = _signals.signal("request-finished")
request_tearing_down = _signals.signal("request-tearing-down")

# A template, before and after rendering (`template=`, `context=`).
before_render_template = _signals.signal("before-render-template")
template_rendered = _signals.signal("template-rendered")

# `flash()` was called (`message=`, `category=`).
message_flashed = _signals.signal("message-flashed")
