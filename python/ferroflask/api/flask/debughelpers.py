"""Long explanations for mistakes that are easy to make, raised or logged in debug mode only.

Imported when such a mistake happened, never before. It reads the request and the loaders, and must not change answers.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Any, TypeAlias

from jinja2.loaders import BaseLoader
from werkzeug.routing import RequestRedirect

from .blueprints import Blueprint
from .ctx import has_request_context
from .globals import request_ctx
from .sansio.app import App

if TYPE_CHECKING:
    from .sansio.scaffold import Scaffold
    from .wrappers import Request

# What a loader found: the source, its file name, and a function that says whether it is still current.
_Found: TypeAlias = "tuple[str, str | None, Callable[[], bool] | None]"


class UnexpectedUnicodeError(AssertionError, UnicodeError):
    """Text where bytes were expected, or the reverse."""


class DebugFilesKeyError(KeyError, AssertionError):
    """`request.files[key]` failed because the form was sent without `enctype="multipart/form-data"`."""

    def __init__(self, request: Request, key: str) -> None:
        self.msg = (
            f"You tried to access the file {key!r} in the request.files dictionary but it does not exist."
            f" The mimetype for the request is {request.mimetype!r} instead of 'multipart/form-data' which means"
            " that no file contents were transmitted."
            ' To fix this error you should provide enctype="multipart/form-data" in your form.'
        )
        sent = ", ".join(map(repr, request.form.getlist(key)))
        if sent:
            self.msg += f"\n\nThe browser instead transmitted some file names. This was submitted: {sent}"

    def __str__(self) -> str:
        return self.msg


class FormDataRoutingRedirect(AssertionError):
    """Routing would redirect a request (not GET, HEAD, OPTIONS) by a code that makes browsers drop its body."""

    def __init__(self, request: Request) -> None:
        redirect = request.routing_exception
        assert isinstance(redirect, RequestRedirect)
        target = redirect.new_url
        slash = ""
        if target.partition("?")[0] == f"{request.base_url}/":
            slash = (
                " The URL was defined with a trailing slash."
                " Flask will redirect to the URL with a trailing slash if it was accessed without one."
            )
        super().__init__(
            f"A request was sent to '{request.url}', but routing issued a redirect to the canonical URL '{target}'."
            f"{slash} Send requests to the canonical URL, or use 307 or 308 for routing redirects."
            " Otherwise, browsers will drop form data.\n\nThis exception is only raised in debug mode."
        )


def attach_enctype_error_multidict(request: Request) -> None:
    """Make `request.files[key]` raise DebugFilesKeyError for a key that the form has instead.

    Args:
        request: the request, whose `files` is changed.
    """
    files = request.files
    plain: type[Any] = type(files)

    def __getitem__(self: Any, key: str) -> Any:
        try:
            return plain.__getitem__(self, key)
        except KeyError as error:
            if key not in request.form:
                raise
            raise DebugFilesKeyError(request, key).with_traceback(error.__traceback__) from None

    # The class keeps its name: only this one object's behaviour is meant to change.
    explaining = type(plain.__name__, (plain,), {"__getitem__": __getitem__, "__module__": plain.__module__})
    files.__class__ = explaining


def explain_template_loading_attempts(
    app: App, template: str, attempts: list[tuple[BaseLoader, Scaffold, _Found | None]]
) -> None:
    """Log, at INFO, where a template was looked for, each place with what it gave (`EXPLAIN_TEMPLATE_LOADING`).

    Args:
        app: the application, on whose logger it is written.
        template: the name of the template.
        attempts: a triple for each place: the loader, the application or blueprint it belongs to, and what it found or
            None.
    """
    lines = [f"Locating template {template!r}:"]
    for number, (loader, owner, found) in enumerate(attempts, start=1):
        lines.append(f"{number:5}: trying loader of {_owner_text(owner)}")
        lines.extend(f"       {line}" for line in _loader_lines(loader))
        outcome = "no match" if found is None else f"found ({found[1] or '<string>'!r})"
        lines.append(f"       -> {outcome}")

    hits = sum(found is not None for _, _, found in attempts)
    if hits == 0:
        lines.append("Error: the template could not be found.")
    elif hits > 1:
        lines.append("Warning: multiple loaders returned a match for the template.")

    blueprint = request_ctx.request.blueprint if has_request_context() else None
    if hits != 1 and blueprint is not None:
        lines += (
            f"  The template was looked up from an endpoint that belongs to the blueprint {blueprint!r}.",
            "  Maybe you did not place a template in the right folder?",
            "  See https://flask.palletsprojects.com/blueprints/#templates",
        )
    app.logger.info("\n".join(lines))


def _owner_text(owner: object) -> str:
    if isinstance(owner, App):
        return f"application {owner.import_name!r}"
    if isinstance(owner, Blueprint):
        return f"blueprint {owner.name!r} ({owner.import_name})"
    return repr(owner)


def _loader_lines(loader: BaseLoader) -> Iterator[str]:
    """The loader's class, then its public attributes as far as they are plain values or lists of strings."""
    kind = type(loader)
    yield f"class: {kind.__module__}.{kind.__name__}"
    for name, value in sorted(vars(loader).items()):
        if name.startswith("_"):
            continue
        if isinstance(value, (str, int, float, bool)):
            yield f"{name}: {value!r}"
        elif isinstance(value, (list, tuple)) and all(isinstance(item, str) for item in value):
            yield f"{name}:"
            yield from (f"  - {item}" for item in value)


if not TYPE_CHECKING:
    from ._reexports import borrow

    borrow(__name__)
