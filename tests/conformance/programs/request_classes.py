"""Request classes of every kind, made at every moment, on both ways in: prints what is answered, and what the application
sees of the request while it is."""

import abc
import functools
import logging
import warnings

from flask import Blueprint, Flask, Request, abort, appcontext_pushed, g, jsonify, request, session, url_for
from flask.ctx import RequestContext
from flask.globals import request_ctx
from flask.sessions import SecureCookieSessionInterface
from werkzeug.datastructures import ImmutableMultiDict
from werkzeug.exceptions import ImATeapot
from werkzeug.routing import BaseConverter
from werkzeug.test import EnvironBuilder, run_wsgi_app
from werkzeug.utils import cached_property

warnings.simplefilter("ignore")
logging.disable()


# Classes


class Bare(Request):
    """Nothing of what the engine reads is its own."""

    max_content_length = 77
    mood = "calm"

    @property
    def shouted(self):
        return self.path.upper()


class Made(Request):
    def __init__(self, environ, populate_request=True, shallow=False):
        super().__init__(environ, populate_request, shallow)
        self.max_content_length = 1234


class MadeBelow(Made):
    pass


class Mixed:
    def __init__(self, *arguments, **named):
        super().__init__(*arguments, **named)
        self.mood = "mixed"


class MadeByMixin(Mixed, Request):
    pass


class Rewrites(Request):
    """Another path before the request reads the environ."""

    def __init__(self, environ, *rest):
        environ["PATH_INFO"] = environ["PATH_INFO"].replace("old", "new")
        super().__init__(environ, *rest)


class RewritesLate(Request):
    def __init__(self, environ, *rest):
        super().__init__(environ, *rest)
        environ["PATH_INFO"] = environ["PATH_INFO"].replace("old", "new")


class RewritesCopy(Request):
    def __init__(self, environ, *rest):
        super().__init__({**environ, "PATH_INFO": environ["PATH_INFO"].replace("old", "new")}, *rest)


class RewritesSelf(Request):
    """What the request shows of itself, not what is matched."""

    def __init__(self, environ, *rest):
        super().__init__(environ, *rest)
        self.path = self.path.replace("old", "new")
        self.method = "PATCH"


class ReplacesEnviron(Request):
    def __init__(self, environ, *rest):
        super().__init__(environ, *rest)
        self.environ = {**environ, "PATH_INFO": "/new/9", "HTTP_COOKIE": ""}


class OwnPath(Request):
    @property
    def path(self):
        return self.__dict__["kept"]

    @path.setter
    def path(self, value):
        self.__dict__["kept"] = value.replace("old", "new")


class CachedPath(Request):
    @cached_property
    def path(self):
        return f"/below{super().path}"


class FixedPath(Request):
    path = "/fixed"


class Overrides(Request):
    """A method in a header takes the place of the one that was sent."""

    def __init__(self, environ, *rest):
        environ["REQUEST_METHOD"] = environ.get("HTTP_X_METHOD", environ["REQUEST_METHOD"])
        super().__init__(environ, *rest)


class OverridesLate(Request):
    def __init__(self, environ, *rest):
        super().__init__(environ, *rest)
        environ["REQUEST_METHOD"] = environ.get("HTTP_X_METHOD", environ["REQUEST_METHOD"])


class OwnMethod(Request):
    @property
    def method(self):
        return self.headers.get("X-Method", "GET")

    @method.setter
    def method(self, value):
        pass


class OwnCookies(Request):
    @property
    def cookies(self):
        return ImmutableMultiDict({"session": self.headers.get("X-Session", "")})


class OwnEndpoint(Request):
    @property
    def endpoint(self):
        return self.url_rule and f"bp.{self.url_rule.endpoint}"


class OwnBlueprints(Request):
    @property
    def blueprints(self):
        return ["bp"]


class OwnMatch(Request):
    """Keeps what was matched in its own way."""

    @property
    def view_args(self):
        return self.__dict__.get("kept")

    @view_args.setter
    def view_args(self, value):
        self.__dict__["kept"] = {name: f"<{part}>" for name, part in value.items()}


class OwnRefusal(Request):
    routing_exception = None


class Noted(Request):
    def __setattr__(self, name, value):
        super().__setattr__(name, value)
        if name != "noted":
            self.__dict__.setdefault("noted", []).append(name)


class Watched(Request):
    def __getattribute__(self, name):
        if name == "view_args":
            return {"number": 5}
        return super().__getattribute__(name)


class Created(Request):
    def __new__(cls, *arguments, **named):
        made = super().__new__(cls)
        made.mood = "created"
        return made


class Calling(type):
    def __call__(cls, environ):
        made = super().__call__(environ)
        made.mood = "called"
        return made


class Called(Request, metaclass=Calling):
    pass


class Abstract(Request, metaclass=abc.ABCMeta):
    pass


class Trusting(Request):
    trusted_hosts = ["elsewhere.test"]


class TrustingLate(Request):
    def __init__(self, *arguments):
        super().__init__(*arguments)
        self.trusted_hosts = ["elsewhere.test"]


class Failing(Request):
    def __init__(self, *arguments):
        raise LookupError("no request today")


class Refusing(Request):
    def __init__(self, *arguments):
        abort(418)


def factory(environ):
    made = Made(environ)
    made.mood = "manufactured"
    return made


#: Those that go every way.
MAIN = [
    Request,
    Bare,
    Made,
    Rewrites,
    RewritesLate,
    RewritesCopy,
    RewritesSelf,
    ReplacesEnviron,
    OwnMatch,
    factory,
]
OTHERS = [
    MadeBelow,
    MadeByMixin,
    Overrides,
    OverridesLate,
    OwnPath,
    CachedPath,
    FixedPath,
    OwnMethod,
    OwnCookies,
    OwnEndpoint,
    OwnBlueprints,
    OwnRefusal,
    Noted,
    Watched,
    Created,
    Called,
    Abstract,
    Trusting,
    TrustingLate,
    Failing,
    Refusing,
    functools.partial(Made, shallow=False),
]


# Ways in which a request is made early, or in another's place


class Adapting(Flask):
    def create_url_adapter(self, request):
        adapter = super().create_url_adapter(request)
        if request is not None:
            request.adapted = type(request).__name__
        return adapter


class Mapping(Flask.url_map_class):
    pass


class Mapped(Flask):
    url_map_class = Mapping


class Opening(SecureCookieSessionInterface):
    def open_session(self, app, request):
        opened = super().open_session(app, request)
        opened["opened"] = f"{request.path} {request.endpoint} {request.view_args}"
        return opened


class Converting(BaseConverter):
    def to_python(self, value):
        return f"{value} {request.method} {request.endpoint}"


class Handing(Flask):
    """A request made beside the context."""

    def request_context(self, environ):
        return RequestContext(self, environ, request=self.request_class(environ))


class HandingChanged(Flask):
    def request_context(self, environ):
        made = self.request_class(environ)
        made.cookies = {"session": environ.get("HTTP_X_SESSION", "")}
        made.environ = {**made.environ, "PATH_INFO": made.environ["PATH_INFO"].replace("old", "new")}
        return RequestContext(self, environ, request=made)


class Assigning(Flask):
    def request_context(self, environ):
        context = super().request_context(environ)
        context.request = self.request_class({**environ, "HTTP_COOKIE": "", "PATH_INFO": "/new/9"})
        return context


class AssigningBound(Flask):
    """Another request between match and view."""

    def preprocess_request(self):
        former = request_ctx.request
        other = self.request_class({**request.environ, "HTTP_COOKIE": "", "PATH_INFO": "/new/9"})
        other.url_rule, other.view_args = former.url_rule, {**(former.view_args or {})}
        if "number" in other.view_args:
            other.view_args["number"] = 1000
        if former.path.startswith("/old"):
            other.routing_exception = former.routing_exception
        request_ctx.request = other
        return super().preprocess_request()


class Returning(Flask):
    """Another request for a while."""

    def preprocess_request(self):
        former = request_ctx.request
        request_ctx.request = Made(dict(request.environ))
        assert request.url_rule is None
        request_ctx.request = former
        return super().preprocess_request()


class Rematching(Flask):
    """What was matched is changed before the view is looked for."""

    def preprocess_request(self):
        changes = request.args.get("change", "")
        if changes == "arguments":
            request.view_args = {"number": "changed"}
        elif changes == "none":
            request.view_args = None
        elif changes == "rule":
            request.url_rule = next(self.url_map.iter_rules("slash"))
        elif changes == "refusal":
            request.routing_exception = ImATeapot()
        elif changes == "mended":
            request.routing_exception = None
            request.url_rule, request.view_args = next(self.url_map.iter_rules("new")), {"number": "mended"}
        elif changes == "method":
            request.method = "OPTIONS"
        return super().preprocess_request()


class Copying(Flask):
    def dispatch_request(self):
        with request_ctx.copy():
            return super().dispatch_request()


def touched(app):
    """A signal's receiver that looks at the request before anything is matched."""
    app.config["LOOKED"] = lambda sender, **_: g.setdefault("seen", None)
    appcontext_pushed.connect(app.config["LOOKED"], app)


def configured(**settings):
    return lambda app: app.config.update(settings)


def with_interface(app):
    app.session_interface = Opening()


#: Name: (class, arguments, what is done to it, host).
WAYS = {
    "plain": (Flask, {}, None, None),
    "trusted": (Flask, {}, configured(TRUSTED_HOSTS=["localhost", "elsewhere.test"]), None),
    "untrusted": (Flask, {}, configured(TRUSTED_HOSTS=["nowhere.test"]), None),
    "hosts": (Flask, {"host_matching": True, "static_host": "localhost"}, None, None),
    "subdomains": (Flask, {"subdomain_matching": True}, configured(SERVER_NAME="localhost"), None),
    "adapter": (Adapting, {}, None, None),
    "map": (Mapped, {}, None, None),
    "session": (Flask, {}, with_interface, None),
    "signal": (Flask, {}, touched, None),
    "long host": (Flask, {}, None, f"{'a' * 70}.test"),
    "debug": (Flask, {}, configured(DEBUG=True), None),
    "handed in": (Handing, {}, None, None),
    "handed in changed": (HandingChanged, {}, None, None),
    "assigned": (Assigning, {}, None, None),
    "assigned later": (AssigningBound, {}, None, None),
    "assigned for a while": (Returning, {}, None, None),
    "copied": (Copying, {}, None, None),
    "changed": (Rematching, {}, None, None),
}


# The application


def seen():
    """What a function of the application sees of the request."""
    request = request_ctx.request
    rule, refusal = request.url_rule, request.routing_exception
    return [
        request.endpoint,
        request.view_args,
        rule and rule.rule,
        refusal and f"{type(refusal).__name__} {refusal.code}",
        request.blueprint,
        request.blueprints,
        request.path,
        request.method,
        request.max_content_length,
        type(request).__name__,
        getattr(request, "mood", None),
        getattr(request, "noted", None),
        getattr(request, "adapted", None),
        request.environ.get("werkzeug.request") is request,
    ]


NOTES = []


def note(moment, value=None):
    try:
        NOTES.append((moment, seen()))
    except Exception as error:
        NOTES.append((moment, f"{type(error).__name__}: {error}"))
    return value


def view(**values):
    note("view")
    session["visits"] = session.get("visits", 0) + 1
    urls = [url_for("values", number=3), url_for("slash", _external=True)]
    return jsonify(values=values, urls=urls, session=dict(session), said=said())


def said():
    """What the context processors add."""
    names = {}
    request_ctx.app.update_template_context(names)
    return f"{names['said']} {type(names['request']).__name__}"


def relative():
    return f"{url_for('.relative')} {said()}"


def nothing():
    return None


def failing():
    raise ZeroDivisionError(f"in {request.endpoint}")


RULES = {
    "values": ("/values/<int:number>", ["GET", "PUT"]),
    "old": ("/old/<number>", ["GET"]),
    "new": ("/new/<number>", ["GET", "PATCH"]),
    "converted": ("/converted/<converted:text>", ["GET"]),
    "slash": ("/slash/", ["GET", "POST"]),
    "posted": ("/posted", ["POST"]),
    "no_options": ("/no-options", ["GET"]),
}


def blueprint():
    made = Blueprint("bp", __name__, url_prefix="/bp")
    made.add_url_rule("/here", "relative", relative)
    made.add_url_rule("/nothing", "nothing", nothing)
    made.add_url_rule("/failing", "failing", failing)
    made.before_request(lambda: note("before in bp"))
    made.after_request(lambda response: note("after in bp", response))
    made.teardown_request(lambda error: note(f"teardown in bp {error!r}"))
    made.context_processor(lambda: {"said": "in bp"})
    made.errorhandler(ZeroDivisionError)(lambda error: (f"in bp: {error}", 500))
    return made


def make(way):
    kind, arguments, change, _ = WAYS[way]
    app = kind(__name__, **arguments)
    app.secret_key = "some secret"
    if change is not None:
        change(app)
    host = {"host": "localhost"} if arguments.get("host_matching") else {}
    app.url_map.converters["converted"] = Converting
    for endpoint, (rule, methods) in RULES.items():
        options = {} if endpoint != "no_options" else {"provide_automatic_options": False}
        app.add_url_rule(rule, endpoint, view, methods=methods, **options, **host)
    if not host:
        app.register_blueprint(blueprint())
    app.url_value_preprocessor(lambda endpoint, values: NOTES.append(("preprocessor", endpoint, values)))
    app.before_request(lambda: note("before"))
    app.after_request(lambda response: note("after", response))
    app.teardown_request(lambda error: note(f"teardown {error!r}"))
    app.context_processor(lambda: {"said": f"in app of {request.endpoint}"})
    return app


#: Method, URL, headers: one for each outcome.
OUTCOMES = [
    ("GET", "/values/4?q=1", {}),
    ("HEAD", "/values/4", {}),
    ("OPTIONS", "/values/4", {}),
    ("POST", "/values/4", {}),
    ("GET", "/slash?q=1", {}),
    ("GET", "/nowhere", {}),
]
REQUESTS = [
    *OUTCOMES,
    ("POST", "/values/4", {"X-Method": "PUT"}),
    ("GET", "/values/4", {"X-Method": "OPTIONS"}),
    ("GET", "/values/4", {"X-Method": "HEAD"}),
    ("HEAD", "/values/4", {"X-Method": "GET"}),
    ("GET", "/old/7", {}),
    ("GET", "/converted/some", {}),
    ("POST", "/slash", {}),
    ("GET", "/posted", {}),
    ("OPTIONS", "/no-options", {}),
    ("GET", "/bp/here", {}),
    ("GET", "/bp/nothing", {}),
    ("GET", "/bp/failing", {}),
    ("GET", "/values/4", {"Cookie": "session=KEPT"}),
    ("GET", "/values/4", {"X-Session": "KEPT"}),
]
#: What `Rematching` changes.
CHANGES = [
    ("GET", "/values/4?change=arguments", {}),
    ("GET", "/values/4?change=none", {}),
    ("GET", "/values/4?change=rule", {}),
    ("GET", "/values/4?change=refusal", {}),
    ("GET", "/values/4?change=method", {}),
    ("GET", "/nowhere?change=mended", {}),
]


def kept_session(app):
    made = app.session_interface.get_signing_serializer(app)
    return made.dumps({"visits": 41})


def tidy(headers):
    for name, value in headers:
        if name == "Allow":
            value = ", ".join(sorted(value.split(", ")))
        elif name == "Set-Cookie":
            value = value.partition("=")[0] + value.partition(";")[2]
        yield name, value


def sent_by_client(app, **request):
    answer = app.test_client().open(**request)
    return answer.status, list(tidy(answer.headers)), answer.data


def run_as_wsgi(app, **request):
    body, status, headers = run_wsgi_app(app, EnvironBuilder(**request).get_environ(), buffered=True)
    return status, list(tidy(headers)), b"".join(body)


def called(app, **request):
    """Without a copy of the environ: what is left in it is seen."""
    environ, started = EnvironBuilder(**request).get_environ(), []
    body = b"".join(app(environ, lambda status, headers, exc_info=None: started.append((status, list(tidy(headers))))))
    return started, body, environ["PATH_INFO"], environ["REQUEST_METHOD"], repr(environ.get("werkzeug.request", "none"))


def pushed(app, **request):
    """The steps of a request, one by one."""
    with app.request_context(EnvironBuilder(**request).get_environ()) as context:
        found = app.preprocess_request()
        return found, seen(), context.url_adapter is None, dict(session)


def send(way, request_class, entry, requests):
    app = APPS[way]
    app.request_class = request_class
    name = getattr(request_class, "__name__", None) or type(request_class).__name__
    host = {"Host": WAYS[way][3]} if WAYS[way][3] else {}
    for method, path, headers in requests:
        headers = {key: value.replace("KEPT", kept_session(app)) for key, value in headers.items()}
        NOTES.clear()
        try:
            answer = entry(app, method=method, path=path, headers={**host, **headers})
        except Exception as error:
            answer = f"{type(error).__name__}: {error}"
        print(way, name, entry.__name__, method, path, *headers, answer, NOTES)


#: The ways that every request goes.
THOROUGH = ("plain", "trusted", "session", "handed in changed", "assigned", "assigned later")
APPS = {way: make(way) for way in WAYS}
for way in WAYS:
    for request_class in MAIN:
        send(way, request_class, sent_by_client, REQUESTS if way in THOROUGH else OUTCOMES)
        send(way, request_class, called, OUTCOMES)
for request_class in OTHERS:
    send("plain", request_class, sent_by_client, REQUESTS)
    send("trusted", request_class, sent_by_client, OUTCOMES)
    send("plain", request_class, called, OUTCOMES)
    send("trusted", request_class, called, OUTCOMES)
for request_class in MAIN + OTHERS:
    send("changed", request_class, sent_by_client, CHANGES)
    send("plain", request_class, run_as_wsgi, OUTCOMES)
    send("plain", request_class, pushed, OUTCOMES)
