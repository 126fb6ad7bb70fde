"""Sends requests with the test client in many ways, and prints what the view and the sender see of each."""

import io
import sys
import time
import traceback
import warnings

import flask
import werkzeug.test
from flask import Flask, g, jsonify, make_response, redirect, request, session, stream_with_context
from flask.testing import EnvironBuilder, FlaskClient

warnings.simplefilter("ignore")
time.time = lambda: 1_700_000_000  # session cookies carry the time
app = Flask(__name__)
app.secret_key = "some secret"
app.config.update(TESTING=True)


def shown(value):
    if isinstance(value, werkzeug.wrappers.Request):
        return f"<{'app' if isinstance(value, flask.Request) else 'client'} request {value.method} {value.path}>"
    if isinstance(value, io.BytesIO):
        return f"<stream at {value.tell()} of {len(value.getvalue())}>"
    if value is sys.stderr:
        return "<stderr>"
    if callable(value):
        return "<callable>"
    return repr(value)


def environ_lines(environ):
    return [f"{key}={shown(value)}" for key, value in environ.items()]


@app.route("/environ", methods=["GET", "POST", "HEAD", "PUT"])
def environ():
    return "\n".join(environ_lines(request.environ))


@app.route("/via-headers", methods=["GET", "POST"])
def via_headers():
    return repr(sorted(request.headers)) + shown(request.environ.get("werkzeug.request"))


@app.post("/json")
def takes_json():
    value = request.get_json(silent=True)
    return {"value": value, "after": shown(request.environ["wsgi.input"]), "length": request.content_length}


@app.post("/form")
def takes_form():
    return {
        "form": request.form.to_dict(flat=False),
        "files": sorted(request.files),
        "after": shown(request.environ["wsgi.input"]),
        "type": request.content_type,
    }


@app.post("/data")
def takes_data():
    return repr((request.get_data(), request.content_type, request.content_length))


@app.post("/twice")
def reads_twice():
    return repr((request.stream.read(3), request.environ["wsgi.input"].read(), request.get_data()))


@app.get("/query")
def query():
    return repr((request.query_string, request.args.to_dict(flat=False), request.full_path, request.url))


@app.get("/who")
def who():
    return repr((request.remote_addr, request.user_agent.string, request.host, request.server, request.is_secure))


@app.get("/visits")
def visits():
    session["n"] = session.get("n", 0) + 1
    return str(session["n"])


@app.get("/cookies")
def cookies():
    answer = make_response(repr(sorted(request.cookies.items())))
    answer.set_cookie("seen", "yes", path="/")
    answer.set_cookie("deep", "1", path="/cookies/deep")
    answer.set_cookie("far", "1", domain="example.org")
    return answer


@app.get("/cookies/deep/er")
def deeper():
    return repr(sorted(request.cookies.items()))


@app.get("/forget")
def forget():
    answer = make_response("gone")
    answer.delete_cookie("seen")
    return answer


@app.route("/go/<int:code>", methods=["GET", "POST"])
def go(code):
    return redirect("/environ", code)


@app.get("/loop")
def loop():
    return redirect("/loop")


@app.get("/out")
def out():
    return redirect("http://example.com/")


@app.get("/sub")
def sub():
    return redirect("http://sub.localhost/environ")


@app.get("/stream")
def stream():
    @stream_with_context
    def parts():
        try:
            yield "a"
            yield request.path
        finally:
            print("stream closed")

    return app.response_class(parts(), mimetype="text/plain")


@app.get("/closing")
def closing():
    answer = make_response("body")
    answer.call_on_close(lambda: print("answer closed"))
    return answer


@app.get("/fails")
def fails():
    raise ValueError("on purpose")


@app.get("/errors")
def errors():
    print("to the log", file=request.environ["wsgi.errors"])
    return "told"


@app.get("/status/<int:code>")
def status(code):
    return "text", code, {"X-One": "1"}


@app.get("/odd-status")
def odd_status():
    return "text", "299 Not Usual"


@app.get("/empty")
def empty():
    return "", 204


@app.get("/list")
def listed():
    return jsonify([1, {"b": 2, "a": "\xe9"}])


@app.get("/latin")
def latin():
    return "text", {"X-Name": "n\xe9\u20ac"}


@app.get("/keeps")
def keeps():
    g.kept = request.args.get("v")
    return "kept"


@app.get("/changes")
def changes():
    request.environ["changed"] = 1
    request.environ.pop("SERVER_NAME")
    return "changed"


@app.get("/path/<path:rest>")
def path(rest):
    return repr((rest, request.path, request.environ["PATH_INFO"], request.environ["REQUEST_URI"]))


def describe(answer):
    kind = type(answer)
    print(" ", answer.status, answer.status_code, [base.__name__ for base in kind.__mro__[1:3]], answer.is_streamed)
    print(" ", answer.headers.to_wsgi_list())
    print(" ", isinstance(answer, app.response_class), isinstance(answer, werkzeug.test.TestResponse))
    print(" ", repr(answer), answer.is_sequence, answer.mimetype, answer.content_length, answer.history)
    print(" ", answer.get_data())
    print(
        " ",
        answer.text == answer.get_data(as_text=True),
        answer.is_json and answer.json,
        answer.json_module is app.json,
    )
    sent = answer.request
    print(" ", shown(sent), sent is answer.request, sent.environ is sent.environ, sent.url, type(sent).__name__)
    print("\n".join(environ_lines(sent.environ)))
    answer.close()


def ask(title, send):
    print("*", title)
    try:
        answer = send()
    except Exception as error:
        print(
            "  raised",
            type(error).__name__,
            error,
            [frame.name for frame in traceback.extract_tb(error.__traceback__)][-1],
        )
        return None
    describe(answer)
    return answer


client = app.test_client()
ask("get", lambda: client.get("/environ"))
ask("no arguments", lambda: client.get())
ask("path by name", lambda: client.get(path="/environ"))
ask("head", lambda: client.head("/environ"))
ask("lower method", lambda: client.open("/environ", method="get"))
ask("open", lambda: client.open("/environ", method="PUT", data="x"))
ask("buffered", lambda: client.get("/environ", buffered=True))
ask("404", lambda: client.get("/nowhere"))
ask("405", lambda: client.post("/query"))
ask("options", lambda: client.options("/json"))
ask("headers first", lambda: client.get("/via-headers"))
ask("json", lambda: client.post("/json", json={"a": [1, None, "\xe9"], "b": 1.5}))
ask("json null", lambda: client.post("/json", json=None))
ask("json false", lambda: client.post("/json", json=False))
ask("json as type", lambda: client.post("/json", json={"a": 1}, content_type="application/x+json"))
ask("json as bytes", lambda: client.post("/json", data=b'{"a": 1}', content_type="application/json"))
ask("bad json", lambda: client.post("/json", data=b"{", content_type="application/json"))
ask("json and data", lambda: client.post("/json", json=1, data="x"))
ask("unwritable json", lambda: client.post("/json", json=object()))
ask("form", lambda: client.post("/form", data={"a": "1 &=\xe9", "b": ["x", "y/z"], "n": 3, "e": ""}))
ask("empty form", lambda: client.post("/form", data={}))
ask("form of other things", lambda: client.post("/form", data={"f": 1.5, "t": True, "none": None}))
ask("form with type", lambda: client.post("/form", data={"a": "1"}, content_type="application/x-www-form-urlencoded"))
ask("form text", lambda: client.post("/form", data="a=1&b=2", content_type="application/x-www-form-urlencoded"))
ask("upload", lambda: client.post("/form", data={"f": (io.BytesIO(b"abc"), "a.txt"), "a": "1"}).request.files)
ask("text", lambda: client.post("/data", data="t\xe9xt"))
ask("bytes", lambda: client.post("/data", data=b"\x00\xff", content_type="application/x-thing"))
ask("empty text with type", lambda: client.post("/data", data="", content_type="text/x-thing"))
ask("type alone", lambda: client.post("/form", content_type="application/x-www-form-urlencoded"))
ask("stream", lambda: client.post("/data", input_stream=io.BytesIO(b"abc"), content_length=2))
ask("read twice", lambda: client.post("/twice", data=b"abcdef"))
ask("a body nobody reads", lambda: client.post("/environ", data=b"abcdef"))
answer = client.post("/data", data=b"abc")
print(shown(answer.request.environ["wsgi.input"]), answer.request.environ["wsgi.input"].read())
answer = client.post("/environ", data=b"abc")
print(shown(answer.request.environ["wsgi.input"]), answer.request.environ["wsgi.input"].read())
ask("query in the path", lambda: client.get("/query?a=1&b=%20x+y&a=2"))
ask("query text", lambda: client.get("/query", query_string="a=1&b=%C3%A9"))
ask("query dict", lambda: client.get("/query", query_string={"a": "1 2", "b": ["\xe9", "&"], "n": 3}))
ask("two queries", lambda: client.get("/query?a=1", query_string="b=2"))
ask("empty query", lambda: client.get("/query?"))
ask("fragment", lambda: client.get("/query?a=1#there"))
for path_text in (
    "/path/a%20b",
    "/path/\xe9",
    "/path/a//b",
    "/path/a;b=1,c",
    "/path/@:+!$'()*&",
    "//path/x",
    "/path/a b",
):
    ask(f"path {path_text}", lambda path_text=path_text: client.get(path_text))
ask("whole url", lambda: client.get("https://other.example:8443/who"))
ask("base url", lambda: client.get("/who", base_url="https://shop.example/root"))
ask("url scheme", lambda: client.get("/who", url_scheme="https"))
ask("subdomain", lambda: client.get("/who", subdomain="sub"))
ask(
    "headers",
    lambda: client.get("/environ", headers={"X-One": "1", "accept": "text/x", "Host": "h.example", "Cookie": "a=b"}),
)
ask("header list", lambda: client.get("/environ", headers=[("X-One", "1"), ("X-Two", "2")]))
ask("same header twice", lambda: client.get("/environ", headers=[("X-One", "1"), ("X-One", "2"), ("x_one", "3")]))
ask("type in headers", lambda: client.post("/data", data="x", headers={"Content-Type": "text/x"}))
ask("header of a line", lambda: client.get("/environ", headers={"X": "a\nb"}))
ask("header of another type", lambda: client.get("/environ", headers={"X": 3}))
ask("auth", lambda: client.get("/environ", auth=("u", "p")))
ask("environ base", lambda: client.get("/environ", environ_base={"REMOTE_ADDR": "1.2.3.4", "X_KEY": "1"}))
ask("base about the body", lambda: client.post("/data", data=b"abcdef", environ_base={"wsgi.input_terminated": True}))
ask("overrides", lambda: client.get("/environ", environ_overrides={"REMOTE_ADDR": "1.2.3.4", "REQUEST_METHOD": "PUT"}))
ask("overridden length", lambda: client.post("/data", data=b"abcdef", environ_overrides={"CONTENT_LENGTH": "3"}))
ask("unknown argument", lambda: client.get("/", nonsense=1))
ask("who", lambda: client.get("/who"))
client.environ_base["REMOTE_ADDR"] = "9.9.9.9"
ask("who by the client", lambda: client.get("/who"))
for code in (200, 201, 204, 205, 304, 404, 418, 500, 599):
    ask(f"status {code}", lambda code=code: client.get(f"/status/{code}"))
for each in ("/odd-status", "/empty", "/list", "/latin", "/stream", "/closing", "/errors", "/changes"):
    ask(each, lambda each=each: client.get(each))
    ask(f"{each} buffered", lambda each=each: client.get(each, buffered=True))
print("stream", list(client.get("/stream").iter_encoded()))
for each in ("/visits", "/visits", "/cookies", "/cookies", "/cookies/deep/er", "/forget", "/cookies"):
    ask(each, lambda each=each: client.get(each))
    print(sorted(client._cookies))
client.set_cookie("mine", "v", path="/visits")
ask("own cookie", lambda: client.get("/environ"))
ask("own cookie on its path", lambda: client.get("/visits"))
print(client.get_cookie("session").value != "", client.get_cookie("mine", path="/visits"))
ask("cookie of another host", lambda: client.get("/cookies", base_url="http://example.org"))
jarless = app.test_client(use_cookies=False)
ask("no jar", lambda: jarless.get("/visits", headers={"Cookie": "a=b"}))
ask("no jar again", lambda: jarless.get("/visits"))
for code in (301, 302, 303, 307, 308):
    ask(f"redirect {code}", lambda code=code: client.post(f"/go/{code}", data="x"))
    followed = ask(f"followed {code}", lambda code=code: client.post(f"/go/{code}", data="x", follow_redirects=True))
    print([shown(each.request) for each in followed.history])
ask("no redirect followed", lambda: client.get("/who", follow_redirects=True))
ask("loop", lambda: client.get("/loop", follow_redirects=True))
ask("out", lambda: client.get("/out", follow_redirects=True))
ask("sub", lambda: client.get("/sub", follow_redirects=True))
ask("sub allowed", lambda: app.test_client(allow_subdomain_redirects=True).get("/sub", follow_redirects=True))
ask("fails", lambda: client.get("/fails"))
app.config.update(TESTING=False, PROPAGATE_EXCEPTIONS=False)
app.logger.disabled = True
ask("fails into 500", lambda: client.get("/fails"))
app.config.update(TESTING=True, PROPAGATE_EXCEPTIONS=None)

with app.test_client() as held:
    ask("held", lambda: held.get("/keeps?v=1"))
    print(g.kept, request.path, flask.has_request_context(), shown(request.environ.get("werkzeug.request")))
    ask("held json", lambda: held.post("/json", json=[1]))
    print(request.get_json(), request.path, "kept" in g)
    ask("held failure", lambda: held.get("/fails"))
    ask("held redirect", lambda: held.get("/go/302", follow_redirects=True))
    print(request.path)
    with held.session_transaction() as transaction:
        transaction["n"] = 41
    ask("held session", lambda: held.get("/visits"))
    print(session["n"])
print(flask.has_request_context(), flask.has_app_context())

builder = EnvironBuilder(app, "/environ", headers={"X": "1"})
ask("builder", lambda: client.open(builder))
ask("environ", lambda: client.open(builder.get_environ()))
ask("request", lambda: client.open(builder.get_request()))

root_app = Flask("rooted")
root_app.config.update(SERVER_NAME="Example.org:5000", APPLICATION_ROOT="/root", PREFERRED_URL_SCHEME="https")
root_app.add_url_rule("/who", view_func=who)
root_app.add_url_rule("/cookies", view_func=cookies)
root_client = root_app.test_client()
for each in ("/who", "/cookies", "/cookies"):
    print(root_client.get(each).get_data(as_text=True), environ_lines(root_client.get(each).request.environ))


# What a program replaces.
class Opening(FlaskClient):
    def open(self, *args, **kwargs):
        kwargs.setdefault("headers", {})["X-Opened"] = "1"
        return super().open(*args, **kwargs)


class Between(werkzeug.test.Client):
    def open(self, *args, **kwargs):
        print("between")
        return super().open(*args, **kwargs)


class Mixed(FlaskClient, Between):
    pass


class Copying(FlaskClient):
    def _copy_environ(self, other):
        return {**super()._copy_environ(other), "COPIED": "1"}


class Running(FlaskClient):
    def run_wsgi_app(self, environ, buffered=False):
        print("running")
        return super().run_wsgi_app(environ, buffered)


for kind in (Opening, Mixed, Copying, Running):
    app.test_client_class = kind
    ask(kind.__name__, lambda: app.test_client().get("/environ"))
app.test_client_class = None

instance = app.test_client()
instance._add_cookies_to_wsgi = lambda environ: environ.update(BY_INSTANCE="1")
ask("instance method", lambda: instance.get("/environ"))


class Middleware:
    def __init__(self, inner):
        self.inner = inner

    def __call__(self, environ, start_response):
        environ["MIDDLE"] = "1"
        return self.inner(environ, start_response)


plain = app.wsgi_app
app.wsgi_app = Middleware(plain)
ask("middleware", lambda: client.get("/environ"))
del app.wsgi_app


class LoudResponse(flask.Response):
    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        print("made", type(self).__name__, sorted(kwargs))


class QuietResponse(flask.Response):
    extra = "more"

    @property
    def shout(self):
        return self.get_data(as_text=True).upper()


for kind in (LoudResponse, QuietResponse):
    app.response_class = kind
    answer = ask(kind.__name__, lambda: app.test_client().get("/who"))
    print(getattr(answer, "extra", None), getattr(answer, "shout", None))
del app.response_class
ask("own response class", lambda: FlaskClient(app, werkzeug.test.TestResponse).get("/who"))


class OwnBuilder(EnvironBuilder):
    def get_environ(self):
        return {**super().get_environ(), "BUILT": "1"}


flask.testing.EnvironBuilder = OwnBuilder
ask("own builder", lambda: client.get("/environ"))
flask.testing.EnvironBuilder = EnvironBuilder
EnvironBuilder.server_protocol = "HTTP/9"
ask("patched protocol", lambda: client.get("/environ"))
del EnvironBuilder.server_protocol
first = werkzeug.test.EnvironBuilder.get_environ
werkzeug.test.EnvironBuilder.get_environ = lambda self: {**first(self), "PATCHED": "1"}
ask("patched builder", lambda: client.get("/environ"))
werkzeug.test.EnvironBuilder.get_environ = first
run = werkzeug.test.run_wsgi_app
werkzeug.test.run_wsgi_app = lambda *args, **kwargs: print("run") or run(*args, **kwargs)
ask("patched run", lambda: client.get("/environ"))
werkzeug.test.run_wsgi_app = run
ask("as before", lambda: client.get("/environ"))
