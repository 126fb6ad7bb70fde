"""What a client may get wrong inside a well-framed request: each gets a clear answer, and the next one is served."""

from __future__ import annotations

import sys
from collections.abc import Iterator

import pytest

from .program import Program
from .serving import Site

APP = r"""
from flask import Flask, abort, jsonify, request, session

app = Flask(__name__)
app.secret_key = "some_secret"
app.config["MAX_CONTENT_LENGTH"] = 200_000
app.config["MAX_FORM_MEMORY_SIZE"] = 1000
app.config["MAX_FORM_PARTS"] = 3
torn_down = []


@app.teardown_request
def remember(error):
    torn_down.append(repr(error))


@app.get("/")
def hello():
    return "hello"


@app.post("/json")
def as_json():
    return jsonify(request.get_json())


@app.post("/form")
def form():
    return jsonify(form=request.form.to_dict(), files=sorted(request.files))


@app.post("/data")
def data():
    return str(len(request.get_data()))


@app.get("/session")
def show():
    return jsonify(dict(session))


@app.get("/args")
def args():
    return jsonify(request.args.to_dict())


@app.get("/cookies")
def cookies():
    return jsonify(request.cookies.to_dict())


@app.post("/need")
def need():
    return request.form["missing"]


@app.get("/fail")
def fail():
    raise LookupError("the view failed")


@app.get("/reason")
def reason():
    return "why", "299 W\xe9"


@app.get("/method")
def method():
    return f"{request.environ['REQUEST_METHOD']} is {request.method}"


@app.get("/torn-down")
def what_was_torn_down():
    return jsonify(torn_down)
"""

JSON, FORM, PARTS = "application/json", "application/x-www-form-urlencoded", "multipart/form-data; boundary=x"


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    folder = tmp_path_factory.mktemp("bad-input")
    (folder / "app.py").write_text(APP)
    program = Program([sys.executable, "-m", "ferroflask", "serve", "app:app", "--bind", "127.0.0.1:0"], folder)
    yield Site(program)
    program.end()


def post(path: str, kind: str, body: bytes, length: int | None = None) -> bytes:
    head = f"POST {path} HTTP/1.1\r\nHost: a\r\nContent-Type: {kind}\r\nContent-Length: {length or len(body)}\r\n\r\n"
    return head.encode() + body


def get(path: str, **headers: str) -> bytes:
    lines = "".join(f"{name.title()}: {value}\r\n" for name, value in headers.items())
    return f"GET {path} HTTP/1.1\r\nHost: a\r\n{lines}\r\n".encode()


def part(name: str, content: bytes, filename: str = "") -> bytes:
    file = f'; filename="{filename}"' if filename else ""
    return f'--x\r\nContent-Disposition: form-data; name="{name}"{file}\r\n\r\n'.encode() + content + b"\r\n"


CASES = {
    "json that is none": (post("/json", JSON, b'{"a": '), 400, b"could not understand"),
    "json with a trailing word": (post("/json", JSON, b"{} extra"), 400, b"could not understand"),
    "json in a wrong encoding": (post("/json", JSON, b'{"a": "\xff"}'), 400, b""),
    "json of another type": (post("/json", "text/plain", b"{}"), 415, b"Unsupported Media Type"),
    "deep json": (post("/json", JSON, b"[" * 20_000 + b"]" * 20_000), 500, b""),
    "form in a wrong encoding": (post("/form", FORM, b"a=%ff&b=%zz"), 200, b"%zz"),
    "missing field": (post("/need", FORM, b"a=1"), 400, b"Bad Request"),
    "multipart without its boundary": (
        post("/form", "multipart/form-data", b"nothing"),
        200,
        b'{"files":[],"form":{}}',
    ),
    "multipart that does not begin": (post("/form", PARTS, b"nothing at all"), 200, b'{"files":[],"form":{}}'),
    "multipart that does not end": (post("/form", PARTS, part("a", b"1")), 200, b'{"files":[],"form":{}}'),
    "part without a name": (post("/form", PARTS, b"--x\r\nX: y\r\n\r\n1\r\n--x--\r\n"), 200, b'{"files":[],"form":{}}'),
    "field too large": (
        post("/form", PARTS, part("a", b"1" * 2000) + b"--x--\r\n"),
        413,
        b"exceeds the capacity limit",
    ),
    "too many parts": (
        post("/form", PARTS, b"".join(part(str(n), b"1") for n in range(5)) + b"--x--\r\n"),
        413,
        b"exceeds the capacity limit",
    ),
    "body too large, small enough to read at once": (
        post("/data", FORM, b"", 300_000) + b"1" * 300_000,
        413,
        b"exceeds",
    ),
    "json too large": (post("/json", JSON, b"[" + b" " * 300_000 + b"]"), 413, b"exceeds"),
    "upload too large": (post("/form", PARTS, part("f", b"1" * 300_000, "f.bin") + b"--x--\r\n"), 413, b"exceeds"),
    "session with a bad signature": (get("/session", cookie="session=eyJuIjoxfQ.awEumQ.AAAA"), 200, b"{}\n"),
    "session that is no session": (get("/session", cookie="session=..%00.; session=x"), 200, b"{}\n"),
    "cookies of all kinds": (get("/cookies", cookie='a="b; c; =d; \xe9=1; e=f'), 200, b'"e":"f"'),
    "query in a wrong encoding": (get("/args?a=%ff&b=%e4%bd&c=1"), 200, b'"c":"1"'),
    "broken escapes in the path": (get("/%zz%e4%1"), 404, b"Not Found"),
    "climbing out of the static folder": (get("/static/..%2f..%2fetc/passwd"), 404, b"Not Found"),
    "a view that raises": (get("/fail"), 500, b"Internal Server Error"),
    "a host with an empty label": (b"GET / HTTP/1.1\r\nHost: a..b\r\n\r\n", 400, b"Bad Request"),
    "a host with a long label": (b"GET / HTTP/1.1\r\nHost: %b.b\r\n\r\n" % (b"a" * 64), 400, b"Bad Request"),
    "a target of such a host": (b"GET http://a..b/ HTTP/1.1\r\nHost: a\r\n\r\n", 400, b"Bad Request"),
    "a target beside such a host": (b"GET http://a/ HTTP/1.1\r\nHost: a..b\r\n\r\n", 200, b"hello"),
    "a target without a host": (b"GET http:///method HTTP/1.1\r\nHost: a\r\n\r\n", 400, b"the request target"),
    "a static file of such a host": (b"GET /static/a HTTP/1.1\r\nHost: .\r\n\r\n", 400, b"Bad Request"),
    "a target without a path": (b"GET http://a.test HTTP/1.1\r\nHost: a\r\n\r\n", 308, b"http://a.test/"),
    "a method in small letters": (b"get /method HTTP/1.1\r\nHost: a\r\n\r\n", 200, b"get is GET"),
    "HEAD in small letters": (b"head /method HTTP/1.1\r\nHost: a\r\n\r\n", 200, b"head is HEAD"),
    "doubled slashes": (b"GET //method HTTP/1.1\r\nHost: a\r\n\r\n", 200, b"GET is GET"),
    "a path that looks like a host": (b"GET //evil.test/.. HTTP/1.1\r\nHost: a\r\n\r\n", 404, b"Not Found"),
}


@pytest.mark.parametrize("name", CASES)
def test_bad_input_gets_an_answer(site: Site, name: str) -> None:
    request, status, holds = CASES[name]
    wire = site.wire()
    wire.send(request)
    answer = wire.answer()
    assert answer.status == status, answer
    assert holds in answer.body
    assert site.ask("GET /") == b"hello"


def test_a_reason_is_sent_in_the_bytes_of_wsgi(site: Site) -> None:
    wire = site.wire()
    wire.send(get("/reason"))
    assert wire.answer().line == "HTTP/1.1 299 W\xe9"


def test_a_failing_view_is_logged_and_torn_down(site: Site) -> None:
    site.ask("GET /fail")
    assert b"LookupError('the view failed')" in site.ask("GET /torn-down")
    site.program.wait_for(r"ERROR in app: Exception on /fail \[GET\]")
    site.program.wait_for("LookupError: the view failed")
