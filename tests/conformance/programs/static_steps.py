"""Prints what the static view's answer is to Python code: a step's result, a WSGI call's, the test client's."""

import functools
import itertools
import os
import pathlib
import shutil
import tempfile

import flask
from werkzeug.test import EnvironBuilder

# Both sides have the same path: it is in the tag.
root = pathlib.Path(tempfile.gettempdir(), f"static-steps-of-{os.getppid()}")
(root / "static").mkdir(parents=True, exist_ok=True)
for name, content in {"a.css": b"body{}", "empty.txt": b"", "large.bin": bytes(100_000)}.items():
    (root / "static" / name).write_bytes(content)
    os.utime(root / "static" / name, (1_700_000_000.25, 1_700_000_000.25))
app = flask.Flask("static", root_path=str(root))
app.secret_key = "some secret"
DATE = "Tue, 14 Nov 2023 22:13:20 GMT"


def lines_of(headers):
    return [(name, value) for name, value in headers if name not in ("Date", "Set-Cookie")]


def show_body(body):
    known = {key: value for key, value in getattr(body, "__dict__", {}).items() if isinstance(value, (int, bytes))}
    print("  ", type(body).__name__, known, getattr(getattr(body, "file", None), "name", "-"))


def show_response(response):
    print("  ", type(response).__name__, response.status, sorted(vars(response)), lines_of(response.headers))
    print("  ", response.direct_passthrough, response.is_streamed, response.content_length, response.get_etag())
    show_body(response.response)
    response.direct_passthrough = False
    print("  ", len(response.get_data()))
    response.close()


def step(name, **asked):
    with app.test_request_context(**asked):
        show_response(getattr(app, name)())


def wsgi(wrapper=None, **asked):
    environ = EnvironBuilder(**asked).get_environ()
    if wrapper:
        environ["wsgi.file_wrapper"] = wrapper
    chunks = app(environ, lambda status, headers, _=None: print("  ", status, lines_of(headers)))
    print("  ", type(chunks).__name__, len(b"".join(chunks)))
    getattr(chunks, "close", lambda: None)()


def client(**asked):
    response = app.test_client().open(**asked)
    print("  ", response.status, lines_of(response.headers), len(response.data), response.is_streamed)


def wrapped(file, size=0):
    return [b"wrapped ", file.read()]


WAYS = {
    "dispatch": functools.partial(step, "dispatch_request"),
    "full dispatch": functools.partial(step, "full_dispatch_request"),
    "wsgi": wsgi,
    "wsgi with a wrapper": functools.partial(wsgi, wrapped),
    "client": client,
}
CONDITIONS = ({}, {"Range": "bytes=1-3"}, {"If-Modified-Since": DATE}, {"If-None-Match": '"other"'})


def all_ways():
    for name, headers, method in itertools.product(("a.css", "empty.txt", "large.bin"), CONDITIONS, ("GET", "HEAD")):
        for way, ask in WAYS.items():
            print(way, method, name, headers)
            ask(path=f"/static/{name}", method=method, headers=headers)


all_ways()


class Watching(flask.Flask):
    """Looks at what its own steps give."""

    def full_dispatch_request(self):
        response = super().full_dispatch_request()
        print("full dispatch", lines_of(response.headers))
        show_body(response.response)
        return response

    def dispatch_request(self):
        value = super().dispatch_request()
        print("dispatch", type(value).__name__, value.direct_passthrough)
        return value

    def finalize_request(self, rv, from_error_handler=False):
        print("finalize", type(rv).__name__)
        return super().finalize_request(rv, from_error_handler)


app = Watching("static", root_path=str(root))
app.secret_key = "some secret"
all_ways()


def after(response):
    flask.session["seen"] = 1
    print("after", response.status_code, response.content_length, response.mimetype, type(response.response).__name__)
    response.headers["X-Seen"] = "yes"
    return response


app.after_request_funcs.setdefault(None, []).append(after)
all_ways()
shutil.rmtree(root)
