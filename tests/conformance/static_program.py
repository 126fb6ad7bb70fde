"""Serves static files, and changes itself while it runs: ``static_program.py PORT ROOT``, then ``POST /change/<name>``.

Runs on stock Flask as well.
"""

from __future__ import annotations

import builtins
import datetime
import functools
import io
import mimetypes
import pathlib
import sys
import typing as t

import flask
import werkzeug.utils
from werkzeug.datastructures import Headers

port, root = int(sys.argv[1]), sys.argv[2]
# Whatever types this machine knows.
mimetypes.init(files=[])

app = flask.Flask("served", root_path=root)
app.secret_key = "some_secret"
part = flask.Blueprint("part", "part", root_path=root, static_folder="other", url_prefix="/part")
app.register_blueprint(part)
app.add_url_rule("/again/<path:filename>", view_func=app.send_static_file, endpoint="again")
usual_view = app.view_functions["static"]

CHANGES: dict[str, t.Callable[[], t.Callable[[], object]]] = {}
undo: list[t.Callable[[], object]] = []
Change = t.Callable[[], t.Callable[[], object]]


def change(function: Change) -> Change:
    """Name a change; the function makes it and returns what takes it back."""
    CHANGES[function.__name__] = function
    return function


def replaced(owner: t.Any, name: str, value: object) -> t.Callable[[], object]:
    """Set an attribute; give what restores it."""
    own, before = name in vars(owner), getattr(owner, name)
    setattr(owner, name, value)
    return lambda: setattr(owner, name, before) if own else delattr(owner, name)


def configured(name: str, value: object) -> t.Callable[[], object]:
    before = app.config[name]
    app.config[name] = value
    return functools.partial(app.config.__setitem__, name, before)


def hooked(hooks: t.Any, function: t.Callable[..., object]) -> t.Callable[[], object]:
    hooks[None].append(function)
    return functools.partial(hooks.pop, None)


@change
def nothing() -> t.Callable[[], object]:
    return lambda: None


@change
def types_added() -> t.Callable[[], object]:
    mimetypes.add_type("text/x-own", ".css")
    mimetypes.add_type("application/x-other", ".own")

    def undone() -> None:
        mimetypes.add_type("text/css", ".css")
        del mimetypes.types_map[".own"]

    return undone


@change
def encoding_added() -> t.Callable[[], object]:
    mimetypes.encodings_map[".css"] = "squeezed"
    return functools.partial(mimetypes.encodings_map.pop, ".css")


@change
def tables_made_anew() -> t.Callable[[], object]:
    return replaced(mimetypes, "_db", mimetypes.MimeTypes())


@change
def other_guess() -> t.Callable[[], object]:
    return replaced(mimetypes, "guess_type", lambda name: ("text/guessed", None))


@change
def age_of_a_minute() -> t.Callable[[], object]:
    return configured("SEND_FILE_MAX_AGE_DEFAULT", 60)


@change
def age_as_duration() -> t.Callable[[], object]:
    return configured("SEND_FILE_MAX_AGE_DEFAULT", datetime.timedelta(minutes=5, milliseconds=700))


@change
def age_below_zero() -> t.Callable[[], object]:
    return configured("SEND_FILE_MAX_AGE_DEFAULT", datetime.timedelta(milliseconds=-1700))


@change
def age_of_zero() -> t.Callable[[], object]:
    return configured("SEND_FILE_MAX_AGE_DEFAULT", False)


@change
def x_sendfile() -> t.Callable[[], object]:
    return configured("USE_X_SENDFILE", True)


@change
def own_age() -> t.Callable[[], object]:
    return replaced(app, "get_send_file_max_age", lambda name: len(name))


@change
def own_age_by_class() -> t.Callable[[], object]:
    return replaced(flask.Flask, "get_send_file_max_age", lambda self, name: 7)


@change
def own_age_of_blueprint() -> t.Callable[[], object]:
    return replaced(part, "get_send_file_max_age", lambda name: 9)


@change
def own_sending() -> t.Callable[[], object]:
    return replaced(app, "send_static_file", lambda filename: f"instead of {filename}")


@change
def own_view() -> t.Callable[[], object]:
    app.view_functions["static"] = lambda filename: f"instead of {filename}"
    return functools.partial(app.view_functions.__setitem__, "static", usual_view)


@change
def wrapped_view() -> t.Callable[[], object]:
    def view(**arguments: t.Any) -> t.Any:
        response = usual_view(**arguments)
        response.headers["X-Wrapped"] = "yes"
        return response

    app.view_functions["static"] = view
    return functools.partial(app.view_functions.__setitem__, "static", usual_view)


@change
def other_folder() -> t.Callable[[], object]:
    app.static_folder = "other"
    return lambda: setattr(app, "static_folder", "static")


@change
def other_file_function() -> t.Callable[[], object]:
    return replaced(werkzeug.utils, "send_file", lambda path, environ, **_: flask.Response("no file"))


@change
def other_open() -> t.Callable[[], object]:
    usual = builtins.open

    def opened(file: t.Any, *arguments: t.Any, **named: t.Any) -> t.Any:
        return usual(str(file).replace("style.css", "twin.css"), *arguments, **named)

    return replaced(builtins, "open", opened)


@change
def other_clock() -> t.Callable[[], object]:
    undone = configured("SEND_FILE_MAX_AGE_DEFAULT", 60), replaced(werkzeug.utils, "time", lambda: 1_000_000.0)
    return lambda: [each() for each in undone]


@change
def after_hook() -> t.Callable[[], object]:
    def hook(response: flask.Response) -> flask.Response:
        response.headers["X-Length"] = str(response.content_length)
        return response

    return hooked(app.after_request_funcs, hook)


@change
def before_hook() -> t.Callable[[], object]:
    def hook() -> None:
        flask.session["seen"] = 1
        flask.session.permanent = False

    return hooked(app.before_request_funcs, hook)


@change
def before_hook_that_reads() -> t.Callable[[], object]:
    return hooked(app.before_request_funcs, lambda: flask.session.get("seen") and None)


@change
def before_hook_that_forges() -> t.Callable[[], object]:
    return hooked(app.before_request_funcs, lambda: flask.request.environ.update(HTTP_RANGE="bytes=1-2"))


@change
def before_hook_that_answers() -> t.Callable[[], object]:
    return hooked(app.before_request_funcs, lambda: "early" if flask.request.endpoint == "static" else None)


@change
def before_hook_for_later() -> t.Callable[[], object]:
    def later(response: flask.Response) -> flask.Response:
        response.headers["X-Later"] = "yes"
        return response

    return hooked(app.before_request_funcs, lambda: flask.after_this_request(later) and None)


@change
def value_preprocessor() -> t.Callable[[], object]:
    def hook(endpoint: str, values: dict[str, t.Any] | None) -> None:
        if values and "filename" in values:
            values["filename"] = values["filename"].replace("style", "a b")

    return hooked(app.url_value_preprocessors, hook)


@change
def finished_signal() -> t.Callable[[], object]:
    def receiver(sender: object, response: flask.Response, **_: t.Any) -> None:
        response.headers["X-Finished"] = "yes"

    flask.request_finished.connect(receiver, app)
    return lambda: flask.request_finished.disconnect(receiver, app)


@change
def response_subclass() -> t.Callable[[], object]:
    class Shouting(flask.Response):
        def get_wsgi_headers(self, environ: t.Any) -> Headers:
            headers = super().get_wsgi_headers(environ)
            headers["X-Loud"] = "yes"
            return headers

    return replaced(app, "response_class", Shouting)


@change
def response_patched() -> t.Callable[[], object]:
    return replaced(flask.Response, "set_etag", lambda self, tag, weak=False: None)


@change
def request_subclass() -> t.Callable[[], object]:
    class Forged(flask.Request):
        def __init__(self, environ: t.Any, *arguments: t.Any) -> None:
            super().__init__({**environ, "HTTP_RANGE": "bytes=0-1"}, *arguments)

    return replaced(app, "request_class", Forged)


@change
def made_response() -> t.Callable[[], object]:
    def make_response(value: t.Any) -> flask.Response:
        response = flask.Flask.make_response(app, value)
        response.headers["X-Made"] = "yes"
        return response

    return replaced(app, "make_response", make_response)


@change
def own_session() -> t.Callable[[], object]:
    class Interface(type(app.session_interface)):  # type: ignore[misc]
        def save_session(self, app: t.Any, session: t.Any, response: flask.Response) -> None:
            response.headers["X-Saved"] = "yes"

    return replaced(app, "session_interface", Interface())


noted: list[list[object]] = []


def note(what: str) -> t.Callable[..., None]:
    """Write down that somebody looked, and at what."""

    def noting(*arguments: object, **named: object) -> None:
        path = flask.request.path if flask.has_request_context() else None
        # Not at the request that brought the watcher.
        if path is None or not path.startswith("/watch/"):
            noted.append([what, path, flask.has_app_context(), len(arguments), sorted(set(named) - {"_async_wrapper"})])

    return noting


def watched_by_signal(name: str) -> t.Callable[[], object]:
    signal, receiver = getattr(flask, name), note(name)
    signal.connect(receiver, app)
    return lambda: signal.disconnect(receiver, app)


def watched_by_hook(name: str, owner: str | None = None) -> t.Callable[[], object]:
    hooks = getattr(app, name)
    functions = hooks if isinstance(hooks, list) else hooks[owner]
    functions.append(note(name))
    return functions.clear


def watched_by_method(name: str) -> t.Callable[[], object]:
    usual, noting = getattr(app, name), note(name)

    def method(*arguments: t.Any, **named: t.Any) -> t.Any:
        noting(*arguments, **named)
        return usual(*arguments, **named)

    return replaced(app, name, method)


def watched_by_views() -> t.Callable[[], object]:
    class Views(dict[str, t.Any]):
        def __getitem__(self, endpoint: str) -> t.Any:
            note("views")(endpoint)
            return super().__getitem__(endpoint)

    return replaced(app, "view_functions", Views(app.view_functions))


WATCHING: dict[str, Change] = {"views": watched_by_views}
for each_signal in (
    "appcontext_pushed",
    "request_started",
    "request_finished",
    "request_tearing_down",
    "appcontext_tearing_down",
    "appcontext_popped",
):
    WATCHING[each_signal] = functools.partial(watched_by_signal, each_signal)
for each_hook in (
    "url_value_preprocessors",
    "before_request_funcs",
    "teardown_request_funcs",
    "teardown_appcontext_funcs",
):
    WATCHING[each_hook] = functools.partial(watched_by_hook, each_hook)
    WATCHING[f"{each_hook}_of_blueprint"] = functools.partial(watched_by_hook, each_hook, "part")
for each_method in (
    "app_context",
    "create_url_adapter",
    "do_teardown_appcontext",
    "do_teardown_request",
    "dispatch_request",
    "ensure_sync",
    "finalize_request",
    "full_dispatch_request",
    "preprocess_request",
    "request_context",
):
    WATCHING[each_method] = functools.partial(watched_by_method, each_method)


@app.get("/watching")
def watching() -> list[str]:
    return list(WATCHING)


@app.post("/watch/<name>")
def watch(name: str) -> str:
    undo.append(WATCHING[name]())
    noted.clear()
    return "watched"


@app.get("/noted")
def show_notes() -> list[list[object]]:
    return noted


@app.post("/change/<name>")
def make_change(name: str) -> str:
    while undo:
        undo.pop()()
    undo.append(CHANGES[name]())
    return "changed"


@app.get("/changes")
def changes() -> list[str]:
    return list(CHANGES)


def read_three(response: flask.Response) -> flask.Response:
    response.response.file.read(3)  # type: ignore[union-attr]
    return response


def with_cookie(response: flask.Response) -> flask.Response:
    response.set_cookie("seen", "1")
    response.headers["Content-Disposition"] = "inline"
    return response


def in_memory(response: flask.Response) -> flask.Response:
    response.direct_passthrough = False
    response.set_data(response.get_data() + b"!")
    return response


def closing(response: flask.Response) -> flask.Response:
    response.call_on_close(lambda: None)
    return response


send, below = flask.send_file, flask.send_from_directory
STYLE = "static/style.css"

SENDING: dict[str, t.Callable[[], t.Any]] = {
    "relative": lambda: send(STYLE),
    "absolute": lambda: send(f"{root}/{STYLE}"),
    "path": lambda: send(pathlib.Path(root, STYLE)),
    "untidy": lambda: send("static/../static//style.css"),
    "large": lambda: send("static/big.bin"),
    "empty": lambda: send("static/empty.txt"),
    "packed": lambda: send("static/archive.tar.gz"),
    "packed_attachment": lambda: send("static/archive.tar.gz", as_attachment=True),
    "attachment": lambda: send(STYLE, as_attachment=True, download_name="other name.txt"),
    "named": lambda: send(STYLE, download_name="page.html"),
    "named_in_letters": lambda: send(STYLE, download_name="gr\u00fc\u00df.html"),
    "named_nothing": lambda: send(STYLE, download_name=""),
    "typed": lambda: send(STYLE, mimetype="text/plain"),
    "typed_fully": lambda: send(STYLE, mimetype="text/plain; charset=latin-1"),
    "typed_xml": lambda: send(STYLE, mimetype="application/xml"),
    "typed_nothing": lambda: send(STYLE, mimetype=""),
    "untagged": lambda: send(STYLE, etag=False),
    "tagged": lambda: send(STYLE, etag="own"),
    "unconditional": lambda: send(STYLE, conditional=False),
    "dated": lambda: send(STYLE, last_modified=1_600_000_000),
    "aged": lambda: send(STYLE, max_age=90),
    "aged_zero": lambda: send(STYLE, max_age=0),
    "aged_by_function": lambda: send(STYLE, max_age=lambda name: 30),
    "aged_in_halves": lambda: send(STYLE, max_age=1.5),  # type: ignore[arg-type]
    "bytes": lambda: send(io.BytesIO(b"in memory"), mimetype="text/plain"),
    "opened": lambda: send(pathlib.Path(root, STYLE).open("rb"), mimetype="text/css"),  # noqa: SIM115
    "missing": lambda: send("static/missing.css"),
    "folder": lambda: send("static/sub"),
    "nul": lambda: send("static/style.css\0"),
    "below": lambda: below("static", "style.css"),
    "below_path": lambda: below(pathlib.Path(root, "static"), pathlib.PurePosixPath("sub/deep.js")),
    "below_out": lambda: below("static", "../secret.txt"),
    "below_absolute": lambda: below("static", "/etc/passwd"),
    "below_untidy": lambda: below("static", "./sub//deep.js"),
    "below_missing": lambda: below("static", "missing.css"),
    "below_folder": lambda: below("static", "sub"),
    "below_nothing": lambda: below("", "static/style.css"),
    "below_attachment": lambda: below("static", "a b.css", as_attachment=True, max_age=5),
    "below_unknown": lambda: below("static", "style.css", unknown=1),
    "with_status": lambda: (send(STYLE), 201),
    "with_headers": lambda: (send(STYLE), {"X-Own": "yes", "Content-Type": "text/own"}),
    "with_cookie": lambda: with_cookie(send(STYLE)),
    "in_memory": lambda: in_memory(send(STYLE)),
    "closing": lambda: closing(send(STYLE)),
    "read_before": lambda: read_three(send("static/big.bin")),
    "made": lambda: flask.make_response(send(STYLE)),
}


@app.get("/send/<name>")
def send_it(name: str) -> t.Any:
    return SENDING[name]()


@app.get("/look/<name>")
def look_at_it(name: str) -> dict[str, object]:
    """What a program can see of the response object."""
    response = flask.make_response(SENDING[name]())
    attributes = {key: type(value).__name__ for key, value in vars(response).items()}
    body = response.response
    seen = {
        "type": type(response).__name__,
        "headers": [pair for pair in response.headers if pair[0] not in ("Date", "Expires")],
        "status": [response.status, response.status_code, response.direct_passthrough, response.is_streamed],
        "attributes": attributes,
        "body": {key: str(value).partition(" at 0x")[0] for key, value in getattr(body, "__dict__", {}).items()},
    }
    response.close()
    return seen


def no_python(*arguments: object, **named: object) -> t.NoReturn:
    raise AssertionError(f"Python was asked for {arguments} {named}")


functions = [flask.Flask.send_static_file, werkzeug.utils.send_file]
usual_codes = [function.__code__ for function in functions]


@app.post("/python/<wish>")
def allow_python(wish: str) -> str:
    """Let sending a file fail if it is done in Python. Flask could not notice: no attribute has another value."""
    for function, code in zip(functions, usual_codes, strict=True):
        function.__code__ = no_python.__code__ if wish == "off" else code
    return wish


if __name__ == "__main__":
    app.run(port=port)
