"""What the most used former names do, in small programs as tutorials have them."""

from __future__ import annotations

import hashlib
import hmac
import itertools
import sys
import textwrap
import threading
import types
import typing as t
from datetime import datetime, timezone

import pytest
from flask import Blueprint, Flask, jsonify, request

from .asking import ask

pytestmark = pytest.mark.filterwarnings("ignore::DeprecationWarning")


@pytest.fixture
def app() -> Flask:
    app = Flask("someones_app")
    app.secret_key = "key"
    return app


# before_first_request -------------------------------------------------------------------------------------------------


def test_functions_run_once_before_the_first_request_and_leave_no_trace(app: t.Any) -> None:
    ran: list[str] = []

    @app.before_first_request
    def prepare() -> None:
        ran.append(request.path)
        app.add_url_rule("/late", endpoint="late", view_func=lambda: "late")

    app.before_request(lambda: ran.append("before"))
    app.add_url_rule("/", view_func=lambda: "hello")
    client = app.test_client()
    assert [client.get("/").text for _ in range(2)] == ["hello", "hello"]
    assert ran == ["/", "before", "before"]
    assert client.get("/late").text == "late"
    assert "full_dispatch_request" not in vars(app)
    with pytest.raises(AssertionError, match="before_first_request"):
        app.before_first_request(prepare)


def test_functions_of_a_blueprint_run_too(app: t.Any) -> None:
    ran: list[str] = []
    part: t.Any = Blueprint("part", __name__)
    part.before_app_first_request(lambda: ran.append("part"))
    app.register_blueprint(part)
    app.before_first_request_funcs.append(lambda: ran.append("app"))
    app.add_url_rule("/", view_func=lambda: "hello")
    app.test_client().get("/")
    assert ran == ["part", "app"]


def test_functions_that_fail_run_again_with_the_next_request(app: t.Any) -> None:
    fails = [True, False]

    @app.before_first_request
    def prepare() -> None:
        if fails.pop(0):
            raise OSError

    app.add_url_rule("/", view_func=lambda: "hello")
    client = app.test_client()
    assert client.get("/").status_code == 500
    assert client.get("/").text == "hello"
    assert fails == []


def test_requests_that_come_meanwhile_wait(app: t.Any) -> None:
    ran: list[int] = []
    started = threading.Event()

    @app.before_first_request
    def prepare() -> None:
        started.set()
        threading.Event().wait(0.05)
        ran.append(1)

    app.add_url_rule("/", view_func=lambda: str(len(ran)))
    answers: list[str] = []
    threads = [threading.Thread(target=lambda: answers.append(app.test_client().get("/").text)) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert started.is_set()
    assert answers == ["1"] * 4


# JSON -----------------------------------------------------------------------------------------------------------------

JSON_PROGRAM = """
from flask import Flask, Blueprint, jsonify, request, render_template_string
from flask.json import JSONEncoder, JSONDecoder

class Encoder(JSONEncoder):
    def default(self, o):
        return sorted(o) if isinstance(o, set) else super().default(o)

class Loud(JSONEncoder):
    def default(self, o):
        return "LOUD"

class Decoder(JSONDecoder):
    def decode(self, text):
        return {"decoded": super().decode(text)}
"""


def test_an_encoder_class_is_obeyed(app: t.Any) -> None:
    names = ask(JSON_PROGRAM).names
    app.json_encoder = names["Encoder"]
    app.json_decoder = names["Decoder"]
    part: t.Any = Blueprint("part", __name__)
    part.json_encoder = names["Loud"]
    moment = datetime(2020, 1, 2, tzinfo=timezone.utc)
    app.add_url_rule("/set", view_func=lambda: {"set": {2, 1}, "at": moment}, endpoint="set")
    app.add_url_rule("/load", view_func=lambda: jsonify(request.get_json()), endpoint="load", methods=["POST"])
    part.add_url_rule("/part", view_func=lambda: jsonify({3}), endpoint="part")
    app.register_blueprint(part)
    client = app.test_client()
    assert client.get("/set").text == '{"at":"Thu, 02 Jan 2020 00:00:00 GMT","set":[1,2]}\n'
    assert client.get("/part").text == '"LOUD"\n'
    assert client.post("/load", json=1).text == '{"decoded":1}\n'
    assert app.json_encoder is names["Encoder"]


def test_an_encoder_class_on_the_application_class_is_obeyed() -> None:
    names = ask(JSON_PROGRAM).names
    app = type("Mine", (Flask,), {"json_encoder": names["Encoder"], "session_cookie_name": "mine"})("a")
    with app.app_context():
        assert jsonify({2, 1}).get_data(as_text=True) == "[1,2]\n"
    assert app.config["SESSION_COOKIE_NAME"] == "mine"


def test_an_application_without_coders_keeps_the_plain_provider(app: Flask) -> None:
    from flask.json.provider import DefaultJSONProvider

    assert type(app.json) is DefaultJSONProvider


def test_html_safe_json(app: t.Any) -> None:
    names = ask("from flask.json import htmlsafe_dumps, tojson_filter").names
    with app.app_context():
        assert names["htmlsafe_dumps"]("</script>") == '"\\u003c/script\\u003e"'
        assert names["tojson_filter"]({"a": 1}) == '{"a": 1}'


# Contexts -------------------------------------------------------------------------------------------------------------


def test_the_context_stacks(app: t.Any) -> None:
    names = ask("from flask import _app_ctx_stack as apps, _request_ctx_stack as requests").names
    apps, requests = names["apps"], names["requests"]
    assert apps.top is None
    assert requests.top is None
    with app.test_request_context("/here"):
        assert apps.top.app is app
        assert requests.top.request.path == "/here"
        apps.top.connection = "kept"
        assert apps.top.connection == "kept"
    context = app.app_context()
    apps.push(context)
    assert apps.top is context
    assert apps.pop() is context
    assert apps.top is None
    assert apps.__ident_func__() == threading.get_ident()


# Extensions -----------------------------------------------------------------------------------------------------------


def test_flask_ext(monkeypatch: pytest.MonkeyPatch, tmp_path: t.Any) -> None:
    package = tmp_path / "flask_someones"
    package.mkdir()
    (package / "__init__.py").write_text("value = 1\n")
    (package / "deeper.py").write_text("value = 2\n")
    monkeypatch.syspath_prepend(str(tmp_path))
    asked = ask(
        "from flask.ext.someones import value\nfrom flask.ext import someones\nimport flask.ext.someones.deeper"
    )
    assert asked.names["value"] == 1
    assert asked.names["someones"] is sys.modules["flask_someones"]
    assert asked.names["flask"].ext.someones.deeper.value == 2
    assert asked.warned[0] == (
        "'flask.ext.someones': the package 'flask.ext' was removed in Flask 1.0. Import 'flask_someones' instead.",
        1,
    )
    with pytest.raises(ModuleNotFoundError):
        ask("import flask.ext.nobodys")


def test_a_locked_cached_property() -> None:
    made = itertools.count(1)
    locked = ask("from flask.helpers import locked_cached_property as found").names["found"]

    class Thing:
        @locked  # type: ignore[untyped-decorator, unused-ignore]
        def value(self) -> int:
            return next(made)

    thing = Thing()
    assert [thing.value, thing.value] == [1, 1]
    thing.value = 7
    assert thing.value == 7
    del thing.value
    assert thing.value == 2


def test_a_module_is_a_blueprint(app: t.Any) -> None:
    module = ask("from flask import Module").names["Module"]("site.admin", url_prefix="/admin")
    module.add_url_rule("/", view_func=lambda: request.endpoint, endpoint="index")
    app.register_module(module)
    assert app.test_client().get("/admin/").text == "admin.index"


def test_safe_join() -> None:
    from werkzeug.exceptions import NotFound

    safe_join = ask("from flask import safe_join").names["safe_join"]
    assert safe_join("/a", "b/c") == "/a/b/c"
    with pytest.raises(NotFound):
        safe_join("/a", "../c")


def test_a_configuration_from_json(app: t.Any, tmp_path: t.Any) -> None:
    (tmp_path / "settings.json").write_text('{"COLOUR": "red"}')
    assert app.config.from_json(str(tmp_path / "settings.json")) is True
    assert app.config["COLOUR"] == "red"
    assert app.config.from_json("nothing.json", silent=True) is False


def test_settings_that_were_attributes(app: t.Any) -> None:
    app.session_cookie_name = "biscuit"
    app.send_file_max_age_default = 60
    assert app.config["SESSION_COOKIE_NAME"] == "biscuit"
    assert app.send_file_max_age_default.total_seconds() == 60
    assert app.propagate_exceptions is False
    app.testing = True
    assert app.propagate_exceptions is True


def test_is_xhr(app: Flask) -> None:
    app.add_url_rule("/", view_func=lambda: str(request.is_xhr))  # type: ignore[attr-defined]
    client = app.test_client()
    assert client.get("/").text == "False"
    assert client.get("/", headers={"X-Requested-With": "XMLHttpRequest"}).text == "True"


def test_a_cookie_of_bytes() -> None:
    response = Flask("a").response_class()
    asked = ask(
        "\nresponse.set_cookie('k', 'schön'.encode(), path=None)\nresponse.set_cookie('k', 'schön', path=None)",
        response=response,
    )
    assert [line for _, line in asked.warned] == [2]
    first, second = response.headers.getlist("Set-Cookie")
    assert first == second == r'k="sch\303\266n"'


@pytest.mark.parametrize("value", [1, None, b"\xff"])
def test_no_cookie_of_other_things(value: t.Any) -> None:
    with pytest.raises((TypeError, UnicodeDecodeError)):
        ask("response.set_cookie('k', value)", response=Flask("a").response_class(), value=value)


# Werkzeug -------------------------------------------------------------------------------------------------------------

URLS = [
    ("url_parse('http://user:pw@host:80/p;x?q=1#f')", ("http", "user:pw@host:80", "/p;x", "q=1", "f")),
    ("url_parse('//host/p').netloc", "host"),
    ("url_parse('/p?next=/').netloc", ""),
    ("url_parse('host:80').path", "host:80"),
    ("url_parse('http://[::1]:5/').host, url_parse('http://[::1]:5/').port", ("::1", 5)),
    ("url_parse('http://u%40:p@h/').username", "u@"),
    ("url_parse('/p?a=1&a=2').decode_query().getlist('a')", ["1", "2"]),
    ("url_parse('http://h/a').replace(path='/b').to_url()", "http://h/b"),
    ("url_parse(b'http://h/a').netloc", b"h"),
    ("url_unparse(('http', 'h', 'a', 'q', 'f'))", "http://h/a?q#f"),
    ("url_quote('a b/ü:+&')", "a%20b/%C3%BC:+%26"),
    ("url_quote_plus('a b/ü+')", "a+b%2F%C3%BC%2B"),
    ("url_unquote('a%20b+%C3%BC')", "a b+ü"),
    ("url_unquote_plus('a%20b+%C3%BC')", "a b ü"),
    ("url_encode({'a': [1, 2], 'b': None, 'c': 'x y'})", "a=1&a=2&c=x+y"),
    ("url_encode([('b', 1), ('a', 2)], sort=True, separator=';')", "a=2;b=1"),
    ("url_decode('a=1&b&c=%20').to_dict()", {"a": "1", "b": "", "c": " "}),
    ("url_decode(b'a=1&b', include_empty=False).to_dict()", {"a": "1"}),
    ("url_join('http://h/a/b', '../c')", "http://h/c"),
    (
        "url_fix('http://de.wikipedia.org/wiki/Elf (Begriffskl\\xe4rung)')",
        "http://de.wikipedia.org/wiki/Elf%20(Begriffskl%C3%A4rung)",
    ),
    ("Href('/blog')('a', 1, page=2)", "/blog/a/1?page=2"),
]


@pytest.mark.parametrize(("source", "value"), URLS, ids=[source for source, _ in URLS])
def test_url_functions(source: str, value: object) -> None:
    names = "url_parse, url_unparse, url_quote, url_quote_plus, url_unquote, url_unquote_plus, url_encode, url_decode"
    program = f"from werkzeug.urls import {names}, url_join, url_fix, Href\nfound = {source}"
    assert ask(program).names["found"] == value


def test_old_password_hashes() -> None:
    from werkzeug.security import check_password_hash, generate_password_hash

    made = generate_password_hash("secret", method="sha256")
    assert made.startswith("scrypt:")
    assert check_password_hash(made, "secret")
    # As Werkzeug 2.2 stored it: HMAC of the password with the salt as its key.
    for method in ("sha256", "sha1", "md5"):
        digest = hmac.new(b"salt", b"secret", getattr(hashlib, method)).hexdigest()
        assert check_password_hash(f"{method}$salt${digest}", "secret")
        assert not check_password_hash(f"{method}$salt${digest}", "wrong")
    with pytest.raises(ValueError, match="Invalid hash method"):
        generate_password_hash("secret", method="never")


def test_an_old_password_method_warns_at_the_users_line() -> None:
    asked = ask("from werkzeug.security import generate_password_hash\ngenerate_password_hash('x', method='sha256')")
    assert [line for _, line in asked.warned] == [2]
    assert asked.elsewhere == []


def test_proxy_fix() -> None:
    app = Flask("a")
    app.add_url_rule("/", view_func=lambda: f"{request.remote_addr} {request.url}")
    fix = ask("from werkzeug.contrib.fixers import ProxyFix").names["ProxyFix"]
    app.wsgi_app = fix(app.wsgi_app)  # type: ignore[method-assign]
    headers = {"X-Forwarded-For": "1.2.3.4", "X-Forwarded-Proto": "https", "X-Forwarded-Host": "example.org"}
    assert app.test_client().get("/", headers=headers).text == "1.2.3.4 https://example.org/"


@pytest.mark.parametrize("kind", ["SimpleCache()", "FileSystemCache(folder)"])
def test_caches(kind: str, tmp_path: t.Any) -> None:
    program = f"from werkzeug.contrib.cache import SimpleCache, FileSystemCache\ncache = {kind}"
    cache = ask(program, folder=str(tmp_path / "cache")).names["cache"]
    assert cache.get("a") is None
    assert cache.set("a", {"b": 1}, timeout=60)
    assert cache.get("a") == {"b": 1}
    assert cache.add("a", 2) is False
    assert cache.inc("n", 2) == 2
    cache.delete("a")
    assert cache.get("a") is None
    cache.clear()
    assert not cache.has("n")


def test_wsgi_paths() -> None:
    names = ask("from werkzeug.wsgi import pop_path_info, peek_path_info, DispatcherMiddleware").names
    environ = {"SCRIPT_NAME": "/foo", "PATH_INFO": "/a/b"}
    assert names["peek_path_info"](environ) == "a"
    assert names["pop_path_info"](environ) == "a"
    assert environ == {"SCRIPT_NAME": "/foo/a", "PATH_INFO": "/b"}
    assert names["pop_path_info"](environ) == "b"
    assert names["pop_path_info"](environ) is None
    assert names["peek_path_info"](environ) == ""


BELOW = [
    ("http://example.com/app", "http://example.com/app/hello", "/hello"),
    ("http://example.com/app", "https://example.com/app/hello", "/hello"),
    ("http://example.com/app", "/other", None),
    ("https://h:8443/x/", "https://h/x/y", None),
]


@pytest.mark.parametrize(("base", "url", "path"), BELOW)
def test_the_path_below_an_application(base: str, url: str, path: str | None) -> None:
    extract_path_info = ask("from werkzeug.wsgi import extract_path_info").names["extract_path_info"]
    assert extract_path_info(base, url) == path


def test_lines_and_chunks() -> None:
    from io import BytesIO

    names = ask("from werkzeug.wsgi import make_line_iter, make_chunk_iter").names
    data = b"one\ntwo\r\nthree"
    for size in (1, 4, 100):
        assert list(names["make_line_iter"](BytesIO(data), buffer_size=size)) == [b"one\n", b"two\r\n", b"three"]
        assert list(names["make_chunk_iter"](BytesIO(b"a|bc|d"), b"|", buffer_size=size)) == [b"a", b"bc", b"d"]
    assert list(names["make_line_iter"](BytesIO(data), limit=4)) == [b"one\n"]


def test_base_classes_accept_todays_responses(app: Flask) -> None:
    names = ask("from werkzeug.wrappers import BaseResponse, BaseRequest, ETagResponseMixin, JSONMixin").names
    with app.test_request_context():
        assert isinstance(app.make_response("x"), names["BaseResponse"])
        assert isinstance(request._get_current_object(), names["BaseRequest"])  # type: ignore[attr-defined]

    kind = types.new_class("Mine", (names["BaseResponse"], names["ETagResponseMixin"], names["JSONMixin"]))
    assert kind("x").get_data() == b"x"


def test_a_user_agent() -> None:
    header = "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/99.0.1 Safari/537.36"
    agent = ask("from werkzeug.useragents import UserAgent").names["UserAgent"]({"HTTP_USER_AGENT": header})
    assert (agent.platform, agent.browser, agent.version) == ("linux", "chrome", "99.0.1")


def test_an_atom_feed() -> None:
    feed = ask("from werkzeug.contrib.atom import AtomFeed").names["AtomFeed"]("News & more", feed_url="http://h/f")
    feed.add("First", "<b>", url="http://h/1", updated=datetime(2020, 1, 2), author="Ann")
    response = feed.get_response()
    assert response.mimetype == "application/atom+xml"
    text = response.get_data(as_text=True)
    assert "<title>News &amp; more</title>" in text
    assert "<updated>2020-01-02T00:00:00Z</updated>" in text


def test_the_html_builder_and_entities() -> None:
    names = ask("from werkzeug.utils import html, xhtml, unescape").names
    assert names["html"].p("a", names["html"].br(), class_="<x>", id=None) == '<p class="&lt;x&gt;">a<br></p>'
    assert names["xhtml"].input(checked=True) == '<input checked="checked" />'
    assert names["unescape"]("&lt;&uuml;") == "<ü"


def test_an_error_wrapped_round_another(app: Flask) -> None:
    from werkzeug.exceptions import NotFound

    both = NotFound.wrap(KeyError, "NoSuchKey")  # type: ignore[attr-defined]
    assert both.__name__ == "NoSuchKey"
    assert issubclass(both, (KeyError,))
    assert both("x").code == 404


# Jinja and ItsDangerous -----------------------------------------------------------------------------------------------


def test_template_functions_with_a_context(app: Flask) -> None:
    program = """
    from jinja2 import contextfunction, contextfilter, environmentfilter, evalcontextfilter
    @contextfunction
    def who(context): return context["name"]
    @contextfilter
    def signed(context, text): return f"{text} {context['name']}"
    @environmentfilter
    def block(environment, text): return text + environment.block_start_string
    """
    names = ask(textwrap.dedent(program)).names
    app.jinja_env.globals["who"] = names["who"]
    app.jinja_env.filters.update(signed=names["signed"], block=names["block"])
    app.jinja_env.add_extension("jinja2.ext.autoescape")
    app.jinja_env.add_extension("jinja2.ext.with_")
    template = app.jinja_env.from_string(
        "{{ who() }} {{ 'by'|signed }} {{ 'x'|block }}{% with a=1 %}{{ a }}{% endwith %}"
    )
    assert template.render(name="Ann") == "Ann by Ann x{%1"


def test_json_web_signatures() -> None:
    from itsdangerous import BadSignature, SignatureExpired

    program = "from itsdangerous import TimedJSONWebSignatureSerializer as S, JSONWebSignatureSerializer as J"
    names = ask(program).names
    timed = names["S"]("secret", expires_in=3600)
    token = timed.dumps({"confirm": 23})
    assert isinstance(token, bytes)
    assert timed.loads(token) == {"confirm": 23}
    assert timed.loads(token.decode(), return_header=True)[1]["alg"] == "HS512"
    with pytest.raises(BadSignature):
        timed.loads(token[:-2])
    with pytest.raises(SignatureExpired):
        names["S"]("secret", -1).loads(names["S"]("secret", -1).dumps(1))
    with pytest.raises(BadSignature):
        names["J"]("secret", algorithm_name="HS256").loads(token)
    with pytest.raises(NotImplementedError):
        names["J"]("secret", algorithm_name="never")
    # What ItsDangerous 1.1 makes of it.
    assert names["J"]("secret", algorithm_name="HS256").dumps({"a": 1}) == KNOWN_JWS


KNOWN_JWS = b"eyJhbGciOiJIUzI1NiJ9.eyJhIjoxfQ.LrlPmSL4FxrzAHJSYbKzsA997COXdYCeFKlt3zt5DIY"


def test_the_base_names_of_python_2() -> None:
    program = """
    from flask._compat import text_type, string_types, iteritems, with_metaclass, reraise, PY2
    class Meta(type): pass
    class Thing(with_metaclass(Meta, dict)): pass
    """
    names = ask(textwrap.dedent(program)).names
    assert type(names["Thing"]) is names["Meta"]
    assert names["Thing"].__mro__[1] is dict
    assert list(names["iteritems"]({"a": 1})) == [("a", 1)]
    with pytest.raises(KeyError):
        names["reraise"](KeyError, KeyError("x"), None)


def test_flask_script_finds_the_inspect_module_it_was_written_for(
    monkeypatch: pytest.MonkeyPatch, tmp_path: t.Any
) -> None:
    package = tmp_path / "flask_script"
    package.mkdir()
    (package / "__init__.py").write_text("from .commands import found\n")
    (package / "commands.py").write_text("import inspect\n\ndef found(f):\n    return inspect.getargspec(f)[0]\n")
    monkeypatch.syspath_prepend(str(tmp_path))
    names = ask("from flask_script import found\nfound = found(lambda name, loud=False: None)").names
    for module in ("flask_script", "flask_script.commands"):
        del sys.modules[module]
    assert names["found"] == ["name", "loud"]
    assert sys.version_info < (3, 11) or not hasattr(sys.modules["inspect"], "getargspec")
