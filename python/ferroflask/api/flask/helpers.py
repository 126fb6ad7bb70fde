"""The functions that views, templates and extensions import from `flask`: responses, URLs, redirects, errors, flashed
messages, files, streams; and a few by which the package itself reads its surroundings. They reach the application and
the request through the proxies, and leave files and paths to Werkzeug. This module must not know how contexts are made.
"""

from __future__ import annotations

import importlib.util
import os
import sys
import typing as t
from datetime import datetime
from functools import cache, update_wrapper

import werkzeug.utils
from werkzeug.exceptions import abort as _wz_abort
from werkzeug.utils import redirect as _wz_redirect
from werkzeug.wrappers import Response as BaseResponse

from ferroflask._core import file_response
from ferroflask.legacy import LEGACY_KEYWORDS, todays_file_arguments, todays_keywords
from ferroflask.legacy.flask.environment import legacy_env_debug

from .globals import _cv_app, _cv_request, current_app, request, request_ctx, session
from .signals import message_flashed

if t.TYPE_CHECKING:
    from .ctx import AppContext, RequestContext
    from .wrappers import Response

_FORMER_FILE_KEYWORDS = frozenset(LEGACY_KEYWORDS["send_from_directory"])

# What switches an environment variable off.
_NO = frozenset({"0", "false", "no"})


def get_debug_flag() -> bool:
    """Return whether `FLASK_DEBUG` switches debug mode on: set, not empty, and none of 0, false, no."""
    wish = os.environ.get("FLASK_DEBUG", "").lower()
    return wish not in _NO if wish else legacy_env_debug()


def get_load_dotenv(default: bool = True) -> bool:
    """Return whether dotenv files are to be loaded: `default`, unless `FLASK_SKIP_DOTENV` is set and not empty."""
    skip = os.environ.get("FLASK_SKIP_DOTENV", "").lower()
    return skip in _NO if skip else default


@t.overload
def stream_with_context(generator_or_function: t.Iterator[t.AnyStr]) -> t.Iterator[t.AnyStr]: ...


@t.overload
def stream_with_context(
    generator_or_function: t.Callable[..., t.Iterator[t.AnyStr]],
) -> t.Callable[..., t.Iterator[t.AnyStr]]: ...


def stream_with_context(generator_or_function: t.Any) -> t.Any:
    """Keep the request's contexts for a generator that runs after the view has returned.

    Given an iterator, returns a generator over it; given a function, a function that returns one. Raises RuntimeError
    when the generator is made while no request is active.
    """
    try:
        source = iter(generator_or_function)
    except TypeError:
        pass
    else:
        if (of_request := _cv_request.get(None)) is None:
            raise RuntimeError(
                "'stream_with_context' can only be used when a request context is active, such as in a view function."
            )
        return _inside(_cv_app.get(), of_request, source)

    def streaming(*args: t.Any, **kwargs: t.Any) -> t.Iterator[t.Any]:
        return stream_with_context(t.cast("t.Iterator[t.Any]", generator_or_function(*args, **kwargs)))

    return update_wrapper(streaming, generator_or_function)


def _inside(of_app: AppContext, of_request: RequestContext, source: t.Iterator[t.Any]) -> t.Iterator[t.Any]:
    """Yield what `source` yields, with both contexts active from the first step on, and close it at the end.

    The contexts are entered on the first step, so in the thread and event loop that consume the stream; that of the
    application goes first, or the request's would bring a new one.
    """
    with of_app, of_request:
        try:
            yield from source
        finally:
            # A WSGI iterable may hold a file or a connection.
            if (close := getattr(source, "close", None)) is not None:
                close()


def make_response(*args: t.Any) -> Response:
    """Return the response that a view returning `args` would give, to set headers or cookies on.

    One argument is the view's value, several are its tuple (body, status, headers), none give an empty response.
    """
    if len(args) == 0:
        return current_app.response_class()
    return current_app.make_response(args if len(args) > 1 else args[0])


def url_for(
    endpoint: str,
    *,
    _anchor: str | None = None,
    _method: str | None = None,
    _scheme: str | None = None,
    _external: bool | None = None,
    **values: t.Any,
) -> str:
    """Return the URL of an endpoint; a leading dot stands for the current blueprint's name.

    `values` fill the rule's variables, the others become the query. `_external` adds scheme and host (the default
    outside a request), `_scheme` names the scheme, `_method` the rule's method, `_anchor` the fragment. Raises
    `werkzeug.routing.BuildError` when no rule fits, RuntimeError when no application is current.
    """
    build = current_app.url_for
    return build(endpoint, _anchor=_anchor, _method=_method, _scheme=_scheme, _external=_external, **values)


def redirect(location: str, code: int = 302, Response: type[BaseResponse] | None = None) -> BaseResponse:
    """Return a response that sends the client to `location`.

    The current application makes it, of its own response class; `Response` counts only when there is none.
    """
    if not current_app:
        return _wz_redirect(location, code=code, Response=Response)
    return current_app.redirect(location, code=code)


def abort(code: int | BaseResponse, *args: t.Any, **kwargs: t.Any) -> t.NoReturn:
    """Raise the HTTP exception of a status code, or one that answers with the response given.

    `args` and `kwargs` go to the exception. The current application's `aborter` knows the codes, else Werkzeug's.
    Raises LookupError for a code without an exception.
    """
    if current_app:
        current_app.aborter(code, *args, **kwargs)
    _wz_abort(code, *args, **kwargs)


def get_template_attribute(template_name: str, attribute: str) -> t.Any:
    """Return a macro or variable that a template exports, to use from Python.

    Raises `jinja2.TemplateNotFound`, and AttributeError when the template has no such name.
    """
    template = current_app.jinja_env.get_template(template_name)
    return getattr(template.module, attribute)


def flash(message: str, category: str = "message") -> None:
    """Keep a message in the session until `get_flashed_messages` takes it, usually in the next page.

    `category` is any text; message, error, info and warning are customary. Sends `message_flashed`.
    """
    # Assigned anew, not only appended to: a session in a store notices changes of its own keys, not of their values.
    waiting = session.get("_flashes", [])
    waiting.append((category, message))
    session["_flashes"] = waiting
    app = current_app._get_current_object()  # type: ignore[attr-defined]
    message_flashed.send(app, _async_wrapper=app.ensure_sync, message=message, category=category)


def get_flashed_messages(
    with_categories: bool = False, category_filter: t.Iterable[str] = ()
) -> list[str] | list[tuple[str, str]]:
    """Take the flashed messages out of the session; later calls in the same request return them again.

    Returns texts, or (category, text) pairs when `with_categories`. `category_filter` limits them to some categories.
    """
    pairs: list[tuple[str, str]] | None = request_ctx.flashes
    if pairs is None:
        pairs = session.pop("_flashes") if "_flashes" in session else []
        request_ctx.flashes = pairs
    if category_filter:
        pairs = [pair for pair in pairs if pair[0] in category_filter]
    return pairs if with_categories else [pair[1] for pair in pairs]


def _prepare_send_file_kwargs(**kwargs: t.Any) -> dict[str, t.Any]:
    """Add what Werkzeug's file functions need to know of the request and the application."""
    if kwargs.get("max_age") is None:
        kwargs["max_age"] = current_app.get_send_file_max_age
    facts = {
        "environ": request.environ,
        "response_class": current_app.response_class,
        "use_x_sendfile": current_app.config["USE_X_SENDFILE"],
        "_root_path": current_app.root_path,
    }
    return {**kwargs, **facts}


def send_file(
    path_or_file: os.PathLike[t.AnyStr] | str | t.IO[bytes],
    mimetype: str | None = None,
    as_attachment: bool = False,
    download_name: str | None = None,
    conditional: bool = True,
    etag: bool | str = True,
    last_modified: datetime | float | None = None,
    max_age: int | t.Callable[[str | None], int | None] | None = None,
    **legacy: t.Any,
) -> Response:
    """Return a response with a file's content. Never pass a path that came from a client: see `send_from_directory`.

    `path_or_file` is a path, relative to the application's root, or a binary file at the position to start from.
    `mimetype` and `download_name` come from the path when not given; `as_attachment` makes browsers save the file.
    `conditional` answers conditional and range requests. `etag` is a tag, or whether to make one. `last_modified` is a
    moment or a Unix time in seconds, `max_age` seconds or a function of the path, by default the application's
    `get_send_file_max_age`. Raises ValueError for a text file, TypeError for a file of unknown type without a name.
    """
    if legacy:
        today = todays_keywords("send_file", legacy)
        download_name, max_age = today.get("download_name", download_name), today.get("max_age", max_age)
        etag = today.get("etag", etag)
    name = {"mimetype": mimetype, "download_name": download_name, "as_attachment": as_attachment}
    caching = {"etag": etag, "conditional": conditional, "last_modified": last_modified, "max_age": max_age}
    if (response := file_response(path_or_file, {**name, **caching})) is not None:
        return t.cast("Response", response)
    options = _prepare_send_file_kwargs(path_or_file=path_or_file, environ=request.environ, **name, **caching)
    return t.cast("Response", werkzeug.utils.send_file(**options))


def send_from_directory(
    directory: os.PathLike[str] | str, path: os.PathLike[str] | str | None = None, **kwargs: t.Any
) -> Response:
    """Return a response with a file under a directory, safely for a `path` that came from a client.

    `directory` is relative to the application's root and must not come from a client. `kwargs` are `send_file`'s.
    Raises NotFound (404) for a path that leads out of the directory or to no regular file.
    """
    if path is None or not _FORMER_FILE_KEYWORDS.isdisjoint(kwargs):
        path, kwargs = todays_file_arguments(path, kwargs)
    if (response := file_response(path, kwargs, directory)) is not None:
        return t.cast("Response", response)
    options = _prepare_send_file_kwargs(**kwargs)
    return t.cast("Response", werkzeug.utils.send_from_directory(directory, t.cast(str, path), **options))


def get_root_path(import_name: str) -> str:
    """Return the absolute folder of a module or package, whether imported or not; the working directory when unknown.

    Raises RuntimeError for a module without a file, as a namespace package is.
    """
    file = getattr(sys.modules.get(import_name), "__file__", None)
    if file is None:
        try:
            spec = importlib.util.find_spec(import_name)
        except (ImportError, ValueError):
            spec = None
        # No loader: `__main__` before it runs, or an interactive session.
        if spec is None or (loader := spec.loader) is None:
            return os.getcwd()
        ask_loader = getattr(loader, "get_filename", _file_by_import)
        file = ask_loader(import_name)
    return os.path.dirname(os.path.abspath(t.cast(str, file)))


def _file_by_import(import_name: str) -> str:
    """Import a module whose loader can't name its file, and read the module's own."""
    __import__(import_name)
    file: str | None = getattr(sys.modules[import_name], "__file__", None)
    if file is None:
        raise RuntimeError(
            f"No root path can be found for the provided module {import_name!r}. This can happen because the module"
            " came from an import hook that does not provide file name information or because it's a namespace"
            " package. In this case the root path needs to be explicitly provided."
        )
    return file


@cache
def _split_blueprint_path(name: str) -> list[str]:
    """Return a blueprint's dotted name and those of its parents, innermost first: a.b gives a.b, a."""
    parts = name.split(".")
    return [".".join(parts[:length]) for length in range(len(parts), 0, -1)]
