"""Templates: the functions that render. The Jinja environment of an application and its loader are in `_jinja`, loaded
on first use, and are offered here. Jinja2 stays the judge of what a template means. This module must not
know how a view's answer becomes a response.
"""

from __future__ import annotations

import typing as t

from ferroflask._core import (
    _default_template_ctx_processor as _default_template_ctx_processor,
    _render as _render,
    find_template,
)

from . import _jinja_types as jinja
from .globals import current_app, request
from .helpers import stream_with_context
from .signals import before_render_template, template_rendered

if t.TYPE_CHECKING:
    from blinker import NamedSignal

    from ._jinja import (
        DispatchingJinjaLoader as DispatchingJinjaLoader,
        Environment as Environment,
        Template as Template,
    )
    from .app import Flask


def _announce(signal: NamedSignal, app: Flask, template: jinja.BaseTemplate, context: dict[str, t.Any]) -> None:
    if not signal.receivers:
        return
    signal.send(app, _async_wrapper=app.ensure_sync, template=template, context=context)


def _stream(app: Flask, template: jinja.BaseTemplate, context: dict[str, t.Any]) -> t.Iterator[str]:
    """Like `_render`, piece by piece: the second signal comes after the last one. Keeps an active request context."""
    app.update_template_context(context)
    _announce(before_render_template, app, template, context)

    def pieces() -> t.Iterator[str]:
        yield from template.generate(context)
        _announce(template_rendered, app, template, context)

    return stream_with_context(pieces()) if request else pieces()


def _current_app() -> Flask:
    """Return the application behind the proxy: signals and Jinja compare by identity."""
    app: Flask = current_app._get_current_object()  # type: ignore[attr-defined]
    return app


def render_template(
    template_name_or_list: str | jinja.BaseTemplate | list[str | jinja.BaseTemplate], **context: t.Any
) -> str:
    """Return the text of a template with its variables filled in.

        return render_template("greet.html", name="Ann")

    Args:
        template_name_or_list: the name of the template, below the folder `templates`; or a list of names, of which the
            first that exists is taken; or a template object.
        context: the template's variables.

    Raises:
        jinja2.TemplateNotFound: there is no such template.
        RuntimeError: no application is current.
    """
    app = _current_app()
    return _render(app, find_template(app, template_name_or_list), context)


def render_template_string(source: str, **context: t.Any) -> str:
    """Return the text of a template that is given as a text itself.

        return render_template_string("Hello {{ name }}!", name="Ann")

    Never make the source of what a client sent: it would be run. Values belong into `context`, where they are escaped.

    Args:
        source: the text of the template.
        context: the template's variables.
    """
    app = _current_app()
    return _render(app, app.jinja_env.from_string(source), context)


def stream_template(
    template_name_or_list: str | jinja.BaseTemplate | list[str | jinja.BaseTemplate], **context: t.Any
) -> t.Iterator[str]:
    """Return an iterator over the pieces of a rendered template, for long pages. A view may return it.

    Args:
        template_name_or_list: as for `render_template`.
        context: the template's variables.
    """
    app = _current_app()
    return _stream(app, find_template(app, template_name_or_list), context)


def stream_template_string(source: str, **context: t.Any) -> t.Iterator[str]:
    """Return an iterator over the pieces of a rendered text, as `stream_template` does for a template.

    Args:
        source: the text of the template.
        context: the template's variables.
    """
    app = _current_app()
    return _stream(app, app.jinja_env.from_string(source), context)


if not t.TYPE_CHECKING:
    from ._reexports import borrow

    borrow(__name__)
