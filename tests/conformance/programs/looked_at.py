"""Looks at the objects of a request from outside, sets, deletes and patches what they have, and prints what is there
before and after; an engine is right when stock prints the same."""

from __future__ import annotations

import copy
import re
import typing as t
from unittest import mock

from flask import Flask, Request, Response, g, make_response, request, session
from flask.globals import app_ctx, request_ctx
from werkzeug.datastructures import Headers, MultiDict
from werkzeug.local import LocalProxy
from werkzeug.routing import MapAdapter, Rule
from werkzeug.utils import cached_property

#: What Werkzeug's `__init__` sets, what it computes once, what the context sets, and plain properties.
NAMES = (
    "method scheme server root_path path query_string headers remote_addr environ shallow json_module"
    " args cookies form files values stream data url base_url root_url host_url host url_root full_path access_route"
    " content_length accept_mimetypes accept_languages authorization cache_control user_agent range if_match"
    " url_rule view_args routing_exception json is_json mimetype max_content_length endpoint blueprints"
    " get_data get_json close _load_form_data parameter_storage_class missing is_secure script_root input_stream"
).split()


def tell(title: str, act: t.Callable[[], t.Any]) -> None:
    try:
        print(title, "->", shown(act()))
    except Exception as error:
        print(title, "-> raised", type(error).__name__, re.sub("0x[0-9a-f]+", "0x", str(error)))


def shown(value: t.Any) -> str:
    if isinstance(value, tuple):
        return f"({', '.join(map(shown, value))})"
    if isinstance(value, dict) and "wsgi.version" in value:
        return "an environ"
    if isinstance(value, Rule):
        return f"the rule of {value.endpoint}"
    if isinstance(value, MapAdapter):
        return "an adapter"
    if callable(value) and not isinstance(value, (LocalProxy, Flask)):
        return "a callable"
    if isinstance(value, type(t)):
        return value.__name__
    text = repr(value)
    return f"a {type(value).__name__}" if " at 0x" in text else text


def kept(subject: t.Any) -> list[str]:
    """The names in the instance's dict; what a parser remembers may come in another order."""
    return sorted(vars(subject))


def change(subject: t.Any, name: str) -> None:
    """Reads, patches, sets and deletes an attribute."""
    tell(f"{name} patched", lambda: patched(subject, name))
    tell(f"{name} after the patch", lambda: getattr(subject, name))
    tell(f"{name} set", lambda: setattr(subject, name, "mine"))
    tell(f"{name} as set", lambda: (getattr(subject, name), vars(subject).get(name)))
    tell(f"{name} deleted", lambda: delattr(subject, name))
    tell(f"{name} after that", lambda: getattr(subject, name))
    tell(f"{name} deleted again", lambda: delattr(subject, name))
    tell(f"{name} in the end", lambda: name in vars(subject))


def patched(subject: t.Any, name: str) -> t.Any:
    with mock.patch.object(subject, name, "patched"):
        return getattr(subject, name), name in vars(subject)


class ByProperty(Request):
    @property
    def path(self) -> str:  # type: ignore[override]
        return "by " + self.__dict__["hidden"]

    @path.setter
    def path(self, value: str) -> None:
        self.__dict__["hidden"] = value

    @property
    def args(self) -> str:  # type: ignore[override]
        return "no args"


class ByCachedProperty(Request):
    @cached_property
    def method(self) -> str:  # type: ignore[override]
        return "never computed"

    @cached_property
    def args(self) -> t.Any:  # type: ignore[override]
        return self.parameter_storage_class({"of": "the class"})

    @cached_property
    def whom(self) -> str:
        return self.path + "!"


class ByAttribute(Request):
    method = "class"
    args = "class"  # type: ignore[assignment]
    headers = None  # type: ignore[assignment]
    json_module = None


class Watching(Request):
    def __setattr__(self, name: str, value: t.Any) -> None:
        seen.append(name)
        super().__setattr__(name, value)


seen: list[str] = []
app = Flask("looked at")
app.secret_key = "secret"


@app.route("/at/<int:number>", methods=["GET", "POST"])
def at(number: int) -> str:
    return ""


def requested(kind: type = Request, **options: t.Any) -> t.Any:
    app.request_class = kind
    return app.test_request_context("/at/5?a=1&a=2", headers={"Cookie": "k=v", "Accept": "text/html"}, **options)


FORM = {"method": "POST", "data": {"f": "1"}}
JSON = {"method": "POST", "json": {"j": 1}}


def look_at_attributes() -> None:
    for through in "proxy", "object":
        for name in NAMES:
            for options in FORM, JSON:
                with requested(**options):
                    environ = request.environ
                    change(request if through == "proxy" else request._get_current_object(), name)
                    request.environ = environ


def look_at_dicts() -> None:
    reads: dict[str, t.Callable[[], t.Any]] = {
        "nothing": lambda: None,
        "args": lambda: request.args,
        "cookies": lambda: request.cookies,
        "form": lambda: request.form,
        "files": lambda: request.files,
        "values": lambda: request.values,
        "data": lambda: request.data,
        "get_data": lambda: request.get_data(),
        "json": lambda: request.get_json(silent=True),
        "forced": lambda: request.get_json(silent=True, force=True),
        "url": lambda: request.url,
        "mimetype": lambda: request.mimetype,
        "session": lambda: session.get("x"),
    }
    for options in {}, FORM, JSON:
        for title, read in reads.items():
            with requested(**options):
                read()
                tell(f"after {title}", lambda: kept(request))
                tell("in order", lambda: list(vars(request))[:14])
                tell("again", lambda: (shown(read()), kept(request)))
                tell("popped", lambda: shown(request.__dict__.pop("args", None)))
                tell("put", lambda: request.__dict__.update(args="put", path="/put", form="form"))
                tell("as put", lambda: (request.args, request.path, request.form, request.url, request.full_path))
                tell("same", lambda: (vars(request) is request.__dict__, type(vars(request)).__name__))
                tell("dir", lambda: {"args", "path", "url_rule", "headers"} <= set(dir(request)))
                tell("copied", lambda: copied(copy.copy(request._get_current_object())))
                environ = request.environ
                tell("replaced", lambda: replaced(request._get_current_object()))
                request.environ = environ


def copied(copy: t.Any) -> t.Any:
    return kept(copy), copy.path, copy.args, copy.url_rule, copy.view_args, copy.environ is request.environ


def replaced(object: t.Any) -> t.Any:
    object.__dict__ = {"path": "/alone"}
    return kept(object), object.path, getattr(object, "method", "none"), object.url_rule


def look_at_what_is_parsed() -> None:
    changes: dict[str, t.Callable[[], t.Any]] = {
        "query_string": lambda: setattr(request, "query_string", b"b=3"),
        "headers": lambda: setattr(request, "headers", Headers({"Cookie": "n=w", "Content-Type": "text/plain"})),
        "no headers": lambda: delattr(request, "headers"),
        "environ": lambda: setattr(request, "environ", {}),
        "no environ": lambda: delattr(request, "environ"),
        "shallow": lambda: setattr(request, "shallow", True),
        "method": lambda: setattr(request, "method", "GET"),
        "path": lambda: setattr(request, "path", "/elsewhere"),
        "scheme": lambda: setattr(request, "scheme", "https"),
        "get_data": lambda: setattr(request, "get_data", lambda **_: b'{"mine": 1}'),
        "get_json": lambda: setattr(request, "get_json", lambda **_: "mine"),
        "_load_form_data": lambda: setattr(
            request, "_load_form_data", lambda: request.__dict__.update(form=1, files={})
        ),
        "parameter_storage_class": lambda: setattr(request, "parameter_storage_class", MultiDict),
        "close": lambda: setattr(request, "close", lambda: print("closed")),
        "looked": lambda: vars(request) and None,
        "url_rule": lambda: setattr(request, "url_rule", None),
        "no url_rule": lambda: delattr(request, "url_rule"),
        "user": lambda: setattr(request, "user", "someone"),
    }
    names = "args cookies form files json data values url full_path mimetype endpoint host root_url remote_addr".split()
    for options in FORM, JSON:
        for title, make in changes.items():
            with requested(**options):
                environ = request.environ
                make()
                for name in names:
                    tell(f"{name} after {title}", lambda: getattr(request, name))
                tell("kept", lambda: kept(request))
                request.environ = environ


def look_at_classes() -> None:
    for kind in ByProperty, ByCachedProperty, ByAttribute, Watching:
        with requested(kind):
            for name in "method", "path", "args", "headers", "json_module", "whom", "hidden":
                tell(f"{kind.__name__}.{name}", lambda: getattr(request, name))
            tell("kept", lambda: kept(request))
            for name in "method", "path", "args", "headers":
                change(request, name)
    print(seen)
    alone = ByAttribute({"REQUEST_METHOD": "put", "QUERY_STRING": "x=y"})
    print(alone.method, alone.args, kept(alone))
    for name in NAMES:
        tell(f"the class has {name}", lambda: hasattr(Request, name))
    for name in "url_rule", "args", "url", "form", "json":
        tell(f"the class's {name}", lambda: type(getattr(Request, name)).__name__)
    tell("not made", lambda: Request.__new__(Request).method)
    tell("not made's", lambda: kept(Request.__new__(Request)))
    tell("shallow", lambda: Request({}, shallow=True).stream)


#: What each kind of object has, and what it has not.
OTHERS: dict[str, tuple[t.Callable[[], t.Any], str]] = {
    "app context": (lambda: app_ctx._get_current_object(), "url_adapter g missing mine"),
    "request context": (
        lambda: request_ctx._get_current_object(),
        "request url_adapter flashes _session _after_request_functions missing mine",
    ),
    "g": (lambda: g, "a get pop missing"),
    "session": (lambda: session, "modified accessed new permanent on_update missing get"),
    "the session": (lambda: session._get_current_object(), "modified accessed new permanent on_update missing get"),
}
RESPONSES: dict[str, t.Callable[[], t.Any]] = {
    "text": lambda: make_response("x"),
    "made": lambda: Response("x"),
    "json": lambda: make_response({"a": 1}),
    "stream": lambda: make_response(iter("abc")),
    "redirect": lambda: app.redirect("/x"),
    "with all": lambda: Response(b"x", 404, {"a": "b"}, "text/plain"),
}
OF_A_RESPONSE = (
    "headers status status_code _status response direct_passthrough _on_close data json mimetype content_type vary"
    " cache_control is_json location max_cookie_size missing"
).split()


def look_at_others() -> None:
    for title, (find, names) in OTHERS.items():
        for name in names.split():
            with requested():
                g.a = session["x"] = 1
                subject = find()
                tell(f"{title} keeps", lambda: kept(subject))
                tell("in order", lambda: list(vars(subject)))
                tell(f"{title}.{name} patched", lambda: patched(subject, name))
                tell(f"{title}.{name} after the patch", lambda: getattr(subject, name))
                if "context" not in title:
                    change(subject, name)
                subject.mine = 1
                tell("in order", lambda: list(vars(subject)))
                tell("the same", lambda: vars(subject) is vars(subject))
    for title, make in RESPONSES.items():
        for name in OF_A_RESPONSE:
            with requested():
                response = make()
                tell(f"{title} keeps", lambda: list(vars(response)))
                change(response, name)
                tell("copied", lambda: sorted(vars(copy.copy(response))))


class Odd(Headers):
    def __iter__(self) -> t.Any:
        return iter([("X-Odd", "1")])


HEADERS: dict[str, t.Callable[[], t.Any]] = {
    "a dict": lambda: {"X": "1", "Content-Type": "text/plain"},
    "of lists": lambda: {"X": ["1", "2"]},
    "pairs": lambda: [("X", "1"), ("X", "2"), ("Location", "/é")],
    "lists": lambda: [["X", "1"]],
    "a tuple": lambda: (("X", "1"),),
    "numbers": lambda: {"X": 1},
    "with a length": lambda: {"Content-Length": "1"},
    "a MultiDict": lambda: MultiDict([("X", "1"), ("X", "2")]),
    "nothing": lambda: None,
    "empty": lambda: {},
    "a set": lambda: {("X", "1")},
    "an iterator": lambda: iter([("X", "1")]),
    "Headers": lambda: Headers({"X": "1"}),
    "odd Headers": lambda: Odd({"X": "1"}),
    "a text": lambda: "X",
    "a number": lambda: 1,
    "two lines": lambda: {"X": "1\r\n2"},
    "request's": lambda: request.headers,
}


def put_headers() -> None:
    app.request_class = Request
    app.logger.disabled = True
    app.add_url_rule("/put/<which>/<saved>", "put", put)
    client = app.test_client(use_cookies=False)
    for which in HEADERS:
        for saved in "no", "yes":
            for ask in client.get, client.head:
                tell(f"{which} put, session {saved}", lambda: answered(ask(f"/put/{which}/{saved}")))
    environ = app.test_request_context("/put/a dict/no").request.environ
    begun: list[t.Any] = []
    print([*app.wsgi_app(environ, lambda *told: begun.extend(told))], begun)


def answered(answer: t.Any) -> t.Any:
    # The session's cookie has the time in it.
    lines = sorted((name, "" if name == "Set-Cookie" else value) for name, value in answer.headers)
    return answer.status, lines, answer.data


def put(which: str, saved: str) -> Response:
    response = Response("body")
    if saved == "yes":
        session["x"] = 1
    response.headers = HEADERS[which]()
    return response


def ask_for_options() -> None:
    app = Flask("options")
    app.add_url_rule("/", "index", lambda: "the view")
    app.before_request(lambda: setattr(request, "method", "OPTIONS"))
    answer = app.test_client().get("/")
    print(answer.status, sorted(answer.allow), answer.data)


def main() -> None:
    look_at_attributes()
    look_at_dicts()
    look_at_what_is_parsed()
    look_at_classes()
    look_at_others()
    put_headers()
    ask_for_options()


if __name__ == "__main__":
    main()
