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
    """Return whether the environment variable `FLASK_DEBUG` turns debug mode on: it is set and none of 0, false, no."""
    wish = os.environ.get("FLASK_DEBUG", "").lower()
    return wish not in _NO if wish else legacy_env_debug()


def get_load_dotenv(default: bool = True) -> bool:
    """Return whether dotenv files are to be loaded, which the environment variable `FLASK_SKIP_DOTENV` can forbid.

    Args:
        default: the answer where the variable is not set or empty.
    """
    skip = os.environ.get("FLASK_SKIP_DOTENV", "").lower()
    return skip in _NO if skip else default


@t.overload
def stream_with_context(generator_or_function: t.Iterator[t.AnyStr]) -> t.Iterator[t.AnyStr]: ...


@t.overload
def stream_with_context(
    generator_or_function: t.Callable[..., t.Iterator[t.AnyStr]],
) -> t.Callable[..., t.Iterator[t.AnyStr]]: ...


def stream_with_context(generator_or_function: t.Any) -> t.Any:
    """Let a generator use `request` and `session` while its pieces are sent, after the view has returned.

        @app.get("/count")
        def count():
            def pieces():
                for number in range(int(request.args["to"])):
                    yield str(number)

            return Response(stream_with_context(pieces()))

    Args:
        generator_or_function: a generator or other iterator, or a function that returns one; then this is a decorator.

    Returns a generator, or a function that returns one.

    Raises:
        RuntimeError: no request is active when the generator is made.
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
    """Return the response that a view would give by returning these values, to set headers or cookies on it.

        response = make_response(render_template("page.html"))
        response.set_cookie("seen", "yes")
        return response

    Args:
        args: one value as a view returns it, or several that make a tuple: body, status, headers. Without any the
            response is empty.
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
    """Build the URL of an endpoint.

        url_for("greet", name="Ann", page=2)      # /greet/Ann?page=2
        url_for("static", filename="style.css")   # /static/style.css

    Args:
        endpoint: the name of the endpoint, as a rule that of the view; `blueprint.view` for one of a blueprint, `.view`
            for one of the blueprint that serves the request.
        _anchor: the fragment, what stands after `#`.
        _method: the HTTP method, where an endpoint has rules for several.
        _scheme: the scheme of an external URL, by default the request's.
        _external: whether scheme and host are in the URL. By default outside of requests and with `_scheme`.
        values: the values for the variables of the rule; those the rule does not name become the query.

    Raises:
        werkzeug.routing.BuildError: no rule of the endpoint fits.
        RuntimeError: no application is current, or there is no request and `SERVER_NAME` is not set.
    """
    build = current_app.url_for
    return build(endpoint, _anchor=_anchor, _method=_method, _scheme=_scheme, _external=_external, **values)


def redirect(location: str, code: int = 302, Response: type[BaseResponse] | None = None) -> BaseResponse:
    """Return a response that sends the client to another URL.

        return redirect(url_for("index"))

    Args:
        location: the URL.
        code: the status: 302 by default, 301 for good, 303 to have it fetched by GET, 307 or 308 to repeat the method.
        Response: the class of the response. It counts only outside of an application; else that is `response_class`.
    """
    if not current_app:
        return _wz_redirect(location, code=code, Response=Response)
    return current_app.redirect(location, code=code)


def abort(code: int | BaseResponse, *args: t.Any, **kwargs: t.Any) -> t.NoReturn:
    """Stop here and answer with an HTTP error.

        if user is None:
            abort(404)

    Args:
        code: a status such as 404, or a response to answer with.
        args: arguments for the exception, as a rule one: the description that is shown.
        kwargs: keyword arguments for the exception, such as `description`.

    Raises the HTTP exception, which `errorhandler` can answer. Raises LookupError for a code without one.
    """
    if current_app:
        current_app.aborter(code, *args, **kwargs)
    _wz_abort(code, *args, **kwargs)


def get_template_attribute(template_name: str, attribute: str) -> t.Any:
    """Return a macro or variable of a template, to use it from Python.

        hello = get_template_attribute("macros.html", "hello")
        return hello("World")

    Args:
        template_name: the name of the template.
        attribute: the name of the macro or variable.

    Raises:
        jinja2.TemplateNotFound: there is no such template.
        AttributeError: the template has no such name.
    """
    template = current_app.jinja_env.get_template(template_name)
    return getattr(template.module, attribute)


def flash(message: str, category: str = "message") -> None:
    """Leave a message for the user, which the next page shows.

        flash("Your changes are saved.")

    It stays in the session until `get_flashed_messages` takes it, usually in a template. Sends `message_flashed`.

    Args:
        message: the text.
        category: any text; message, error, info and warning are usual.
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
    """Take the messages out of the session that `flash` has left there.

        {% for message in get_flashed_messages() %}<p>{{ message }}</p>{% endfor %}

    Later calls in the same request return them again.

    Args:
        with_categories: whether to return pairs of category and text instead of texts.
        category_filter: the categories to return; empty for all.
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
    """Return a response with the content of a file.

        return send_file("reports/june.pdf", as_attachment=True)

    Never pass a path that came from a client: `send_from_directory` is for those.

    Args:
        path_or_file: a path, relative to the application's root folder, or a file open in binary mode, at the position
            to start from.
        mimetype: the media type, by default that of the file's ending.
        as_attachment: whether browsers are to save the file instead of showing it.
        download_name: the name to save it under, by default the file's.
        conditional: whether conditional requests (304) and requests for a part of the file (206) are answered.
        etag: the entity tag, or whether to make one of size, time and path.
        last_modified: when it changed last, a datetime or seconds since 1970; by default the file's own time.
        max_age: how many seconds it may be cached, or a function that returns them for a path; by default the
            application's `get_send_file_max_age`.

    Raises:
        ValueError: the file is open in text mode.
        TypeError: the media type is not given and there is no name to see it by, or `as_attachment` without a name.
        FileNotFoundError: there is no such file.
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
    """Return a response with a file below a folder, safely for a path that came from a client.

        @app.get("/uploads/<path:name>")
        def upload(name):
            return send_from_directory(app.config["UPLOADS"], name, as_attachment=True)

    Args:
        directory: the folder, relative to the application's root folder. It must not come from a client.
        path: the path of the file below it.
        kwargs: the other arguments of `send_file`.

    Raises:
        NotFound (404): the path leads out of the folder, or to no file.
    """
    if path is None or not _FORMER_FILE_KEYWORDS.isdisjoint(kwargs):
        path, kwargs = todays_file_arguments(path, kwargs)
    if (response := file_response(path, kwargs, directory)) is not None:
        return t.cast("Response", response)
    options = _prepare_send_file_kwargs(**kwargs)
    return t.cast("Response", werkzeug.utils.send_from_directory(directory, t.cast(str, path), **options))


def get_root_path(import_name: str) -> str:
    """Return the absolute folder of a module or package; the working directory where that can't be known.

    Args:
        import_name: the dotted name of the module or package, which need not be imported yet.

    Raises:
        RuntimeError: it has no file, as a namespace package has none.
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
