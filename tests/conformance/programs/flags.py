"""Gives odd values for flags, settings and parts of a request, and prints what comes of it."""

import logging
import warnings

from flask import Flask, jsonify, make_response, request, session, url_for

warnings.simplefilter("ignore")
logging.disable()
app = Flask(__name__)
app.secret_key = "some secret"
client = app.test_client()
TRUE, FALSE = (True, 1, "yes", [0], 2.5), (False, 0, "", None, [])


class Listed(list):
    def __iter__(self):
        return iter(["instead"])


class Paired(tuple):
    __slots__ = ()

    def __iter__(self):
        return iter(("instead",))


class Items(dict):
    def items(self):
        return [("x", 1), ("a", 2)]


VALUES = [
    Listed([1]),
    Paired((1,)),
    {"a": Listed()},
    [Paired((1, 2))],
    Items({" di": 1}),
    Items(a=1),
    type("L", (list,), {})([1]),
]


def tried(work, *arguments, **named):
    try:
        return work(*arguments, **named)
    except Exception as error:
        return f"{type(error).__name__}: {error}"


def show(*what):
    print(
        *(
            repr(part.data) + repr(list(part.headers)) + part.status if hasattr(part, "data") else repr(part)
            for part in what
        )
    )


@app.route("/", methods=["GET", "POST"])
@app.route("/do/<name>", methods=["GET", "POST"])
def work(name="nothing"):
    return TODO[0]() if name == "todo" else name


@app.route("/socket", websocket=True)
def socket():
    return "socket"


def do(todo, **options):
    TODO[0] = todo
    return tried(client.open, "/do/todo", **options)


TODO = [str]

print("== flags of the request")
for flag in TRUE + FALSE:
    for name in ("force", "cache"):
        for content_type in ("application/json", "text/plain"):
            show(
                name,
                flag,
                do(
                    lambda: repr(request.get_json(**{name: flag})),
                    method="POST",
                    data='{"a":1}',
                    content_type=content_type,
                ),
            )
    for name in ("cache", "as_text", "parse_form_data"):
        show(
            name,
            flag,
            do(lambda: repr((request.get_data(**{name: flag}), request.get_data())), method="POST", data="a=1"),
        )
for flag in (True, False, 1, 0):
    show(
        flag, do(lambda: repr(request.get_json(silent=flag)), method="POST", data="{", content_type="application/json")
    )
    show(flag, do(lambda: repr(request.get_json(True, flag)), method="POST", data="1"))

print("== what is read in which order")
READS = {
    "data": lambda: request.data,
    "form": lambda: dict(request.form),
    "files": lambda: dict(request.files),
    "values": lambda: dict(request.values),
    "stream": lambda: request.stream.read(),
    "parsed": lambda: request.get_data(parse_form_data=True),
    "get_data": lambda: request.get_data(),
    "json": lambda: request.get_json(silent=True),
}
for debug in (False, True):
    app.debug = debug
    for content_type in (None, "text/plain", "application/json", "application/x-www-form-urlencoded"):
        for one in READS:
            for two in READS:
                for three in ("form", "stream"):

                    def read():
                        return repr([tried(READS[name]) for name in (one, two, three)])

                    show(one, two, three, do(read, method="POST", data="[1]", content_type=content_type))
app.debug = False

print("== settings of JSON")
for compact in (*TRUE, *FALSE):
    for debug in (False, True):
        app.debug, app.json.compact = debug, compact
        show(compact, debug, do(lambda: {"a": 1}), do(lambda: jsonify([1])))
app.debug, app.json.compact = False, None
for value in VALUES:
    show(tried(app.json.dumps, value), tried(app.json.dumps, value, indent=1), do(lambda: jsonify(value)))

    def keep():
        session["kept"] = value
        return "kept"

    # The time, and so the signature, is another one each time.
    show(str(do(keep).headers.get("Set-Cookie")).partition(".")[0])

for depth in (100, 300):
    for wrap in (lambda inner: {"a": inner}, lambda inner: [inner]):

        def keep_deep():
            value = 1
            for _ in range(depth):
                value = wrap(value)
            session["deep"] = value
            return make_response("deep")

        show(depth, getattr(do(keep_deep), "status", "raised"))

print("== settings of cookies and sessions")
for size in (-1, 1.5, 10**30, 0, None, 20, "x", [], [1]):
    app.config["MAX_COOKIE_SIZE"] = size

    def cookie():
        answer = make_response("cookie")
        answer.set_cookie("a", "b")
        return answer

    def in_session():
        session["a"] = 1
        return "session"

    show(size, do(cookie), do(in_session).status)
app.config["MAX_COOKIE_SIZE"] = 4093
for key, fallbacks in [
    (bytearray(b"k"), None),
    ("k", [bytearray(b"q")]),
    ("k", [5]),
    ("k", 5),
    (["a", "b"], None),
    (5, None),
    ("k", ("x", b"y")),
]:
    app.secret_key, app.config["SECRET_KEY_FALLBACKS"] = key, fallbacks
    app.testing = True
    first = do(in_session)
    show(key, fallbacks, first if isinstance(first, str) else first.headers["Set-Cookie"].partition(".")[0])
    app.testing = False
app.secret_key, app.config["SECRET_KEY_FALLBACKS"] = "some secret", []

print("== URLs")
client = app.test_client(use_cookies=False)
for flag in TRUE + FALSE:
    with app.test_request_context():
        show(flag, tried(url_for, "work", _external=flag), tried(app.url_for, "work", name="a", _external=flag))


def ask(**changes):
    """Call the application as a server would."""
    answer = []
    environ = {
        "REQUEST_METHOD": "GET",
        "SCRIPT_NAME": "",
        "PATH_INFO": "/",
        "QUERY_STRING": "q=1",
        "SERVER_NAME": "srv",
        "SERVER_PORT": "80",
        "wsgi.url_scheme": "http",
    } | changes
    try:
        body = b"".join(app.wsgi_app(environ, lambda status, headers: answer.extend((status, sorted(headers)))))
    except Exception as error:
        return f"{type(error).__name__}: {error}"
    return (*answer, body)


hosts = [
    "a",
    "a.b",
    "a.",
    "a..b",
    ".a",
    ".",
    "..",
    "A..B:80",
    "x" * 63,
    "x" * 64,
    "x" * 64 + ".com",
    "x" * 62 + ":8000",
]
hosts += [
    "x" * 60 + ":8000",
    "x" * 62 + ":80",
    "é.com",
    "\xe9..com",
    "xn--ca..com",
    "xn--9c.com",
    "a b",
    "",
    "[::1]:80",
]
for host in hosts:
    for path in ("/", "/nowhere", "/do/it", "/do"):
        print(repr(host)[:40], path, ask(HTTP_HOST=host, PATH_INFO=path))
for name in ("a..b", "x" * 64, ".", "ok"):
    print(name[:9], ask(SERVER_NAME=name))
for method in ("GET", "HEAD", "POST", "PUT"):
    for script in ("", "/app", "/app/"):
        print(method, script, ask(PATH_INFO="", SCRIPT_NAME=script, REQUEST_METHOD=method))
for method in ("get", "Post", "head", "oPTIONS", "x"):
    print(method, ask(REQUEST_METHOD=method))
for scheme in ("ws", "wss", "https", "ftp", "WS"):
    for path in ("/", "/socket", "/nowhere"):
        print(scheme, path, ask(PATH_INFO=path, **{"wsgi.url_scheme": scheme}))
for url in ("", "//", "//a", "?", "#", "http://localhost", "/"):
    show(url, tried(client.get, url), tried(client.post, url))

print("== errors at the end")


def broken(error):
    def fail(_):
        raise error

    return fail


for request_error, app_error in [
    (ValueError("request"), None),
    (None, KeyError("app")),
    (ValueError("request"), KeyError("app")),
]:
    ending = Flask("ending")
    ending.testing = True
    ending.add_url_rule("/", view_func=lambda: "view")
    if request_error:
        ending.teardown_request(broken(request_error))
    if app_error:
        ending.teardown_appcontext(broken(app_error))
    try:
        print(ending.test_client().get("/").text)
    except Exception as error:
        print(repr(error), repr(error.__context__), repr(error.__cause__))
for status in ("200  two  spaces ", "299 W\xe9", "299", "299 ", " 299 A", "  "):
    show(status, do(lambda: app.response_class("x", status=status)))
