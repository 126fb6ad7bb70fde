"""Saves sessions of every state into responses of every kind, under many settings, and prints the headers in order."""

import itertools
import time
import warnings
from datetime import datetime

import flask.sessions
import werkzeug.wrappers
from flask import Flask, Response, request, session
from flask.globals import request_ctx
from flask.sessions import SecureCookieSession, SecureCookieSessionInterface
from werkzeug.datastructures import Headers

NOW = 1_700_000_000
time.time = lambda: NOW  # cookies carry the time


class Clock(datetime):
    @classmethod
    def now(cls, tz=None):
        return cls.fromtimestamp(NOW + 0.75, tz)


flask.sessions.datetime = Clock


class Subclass(Response):
    pass


class Small(Response):
    max_cookie_size = 40


class OwnCookies(Response):
    def set_cookie(self, key, value="", *args, **kwargs):
        print("  set_cookie", key, args, sorted(kwargs.items(), key=str))
        super().set_cookie(key, value, *args, **kwargs)


class OwnDeletion(Response):
    def delete_cookie(self, key, *args, **kwargs):
        print("  delete_cookie", key, args, sorted(kwargs.items(), key=str))
        super().delete_cookie(key, *args, **kwargs)


class OwnVary(Response):
    @property
    def vary(self):
        print("  vary")
        return super().vary


class OwnHeaders(Response):
    @property
    def headers(self):
        return self.__dict__["headers"]

    @headers.setter
    def headers(self, value):
        self.__dict__["headers"] = Headers([*value, ("X-Own", "yes")])


class Looking(Response):
    def __getattribute__(self, name):
        if name in ("set_cookie", "delete_cookie", "vary"):
            print("  looked for", name)
        return super().__getattribute__(name)


class OtherHeaders(Headers):
    def add(self, *args, **kwargs):
        print("  added", args[0])
        super().add(*args, **kwargs)


class WerkzeugSubclass(werkzeug.wrappers.Response):
    pass


class WerkzeugSmall(werkzeug.wrappers.Response):
    max_cookie_size = 40


def on_instance(response):
    inner = response.set_cookie
    response.set_cookie = lambda key, *args, **kwargs: (print("  instance", key), inner(key, *args, **kwargs))[1]
    return response


def with_vary(*values):
    def change(response):
        for value in values:
            response.headers.add("vary", value)
        response.headers.add("X-Last", "1")
        return response

    return change


def with_headers(response):
    response.headers = OtherHeaders(response.headers)
    return response


def as_class(kind):
    return lambda response: kind(response.get_data(), response.status_code, list(response.headers))


KINDS = {
    "plain": None,
    "own": lambda response: response,
    "subclass": as_class(Subclass),
    "small": as_class(Small),
    "own cookies": as_class(OwnCookies),
    "own deletion": as_class(OwnDeletion),
    "own vary": as_class(OwnVary),
    "own headers": as_class(OwnHeaders),
    "looking": as_class(Looking),
    "other headers": with_headers,
    "on instance": on_instance,
    "Werkzeug's": as_class(werkzeug.wrappers.Response),
    "subclass of Werkzeug's": as_class(WerkzeugSubclass),
    "small of Werkzeug's": as_class(WerkzeugSmall),
    "Vary: Origin": with_vary("Origin"),
    "Vary: with Cookie": with_vary("Accept-Encoding ,cookie"),
    "Vary: *": with_vary("*"),
    "Vary: empty": with_vary(""),
    "Vary: empty item": with_vary("Origin,,X-A"),
    "Vary: quoted": with_vary('"a, b", Origin'),
    "Vary: twice": with_vary("Origin", "Accept"),
    "Vary: twice with Cookie": with_vary("Origin", "Cookie"),
    "Vary: not ASCII": with_vary("Ünicode"),
}


class Unserialisable:
    pass


def replace():
    request_ctx._session = SecureCookieSession({"replaced": 1})
    session["more"] = 1


def replace_by_dict():
    class Own(dict, flask.sessions.SessionMixin):
        pass

    request_ctx._session = Own(own=1)


ACTIONS = {
    "untouched": lambda: None,
    "read": lambda: session.get("a"),
    "set": lambda: session.update(a=2),
    "set unread": lambda: request_ctx._session.update(a=2),
    "clear": lambda: session.clear(),
    "clear unread": lambda: request_ctx._session.clear(),
    "permanent": lambda: setattr(session, "permanent", True),
    "marked": lambda: setattr(session, "modified", True),
    "large": lambda: session.update(a=[str(n * 7919 % 10007) for n in range(1500)]),
    "unserialisable": lambda: session.update(a=Unserialisable()),
    "replaced": replace,
    "replaced by a dict": replace_by_dict,
}

COOKIES = {"no cookie": None, "short": {"a": 1}, "permanent": {"a": 1, "_permanent": True}}


def application(settings, interface=None):
    app = Flask(__name__)
    app.config.update(SECRET_KEY="some secret")
    app.config.update(settings)
    app.logger.disabled = True
    if interface is not None:
        app.session_interface = interface()

    @app.get("/")
    def view():
        ACTIONS[request.args["action"]]()
        return request.args["action"]

    return app


SIGNER = SecureCookieSessionInterface().get_signing_serializer(application({}))


def show(app, kind, action, cookie):
    change = KINDS[kind]
    app.after_request_funcs.clear()
    if change is not None:
        app.after_request_funcs[None] = [change]
    client = app.test_client(use_cookies=False)
    headers = []
    if COOKIES[cookie] is not None:
        headers.append(("Cookie", f"session={SIGNER.dumps(COOKIES[cookie])}"))
    print(f"{kind}, {action}, {cookie}:")
    with warnings.catch_warnings(record=True) as warned:
        warnings.simplefilter("always")
        answer = client.get("/", query_string={"action": action}, headers=headers)
    for warning in warned:
        print("  warned", warning.category.__name__, warning.message)
    print(" ", answer.status_code, list(answer.headers) if answer.status_code == 200 else "")


print("== every kind")
app = application({})
for kind, action, cookie in itertools.product(KINDS, ACTIONS, COOKIES):
    show(app, kind, action, cookie)

SETTINGS = [
    {"SESSION_COOKIE_DOMAIN": "example.com"},
    {"SESSION_COOKIE_DOMAIN": ".example.com:8000"},
    {"SESSION_COOKIE_DOMAIN": "münchen.example"},
    {"SESSION_COOKIE_DOMAIN": "a..b"},
    {"SESSION_COOKIE_DOMAIN": ""},
    {"SESSION_COOKIE_DOMAIN": False},
    {"SESSION_COOKIE_DOMAIN": 5},
    {"SESSION_COOKIE_PARTITIONED": True},
    {"SESSION_COOKIE_PARTITIONED": 1},
    {"SESSION_COOKIE_PARTITIONED": True, "SESSION_COOKIE_SECURE": True, "SESSION_COOKIE_DOMAIN": "example.com"},
    {"SESSION_COOKIE_SECURE": True, "SESSION_COOKIE_HTTPONLY": False},
    {"SESSION_COOKIE_SECURE": "yes"},
    {"SESSION_COOKIE_SECURE": None, "SESSION_COOKIE_HTTPONLY": None},
    {"SESSION_COOKIE_SAMESITE": "lax"},
    {"SESSION_COOKIE_SAMESITE": "NONE", "SESSION_COOKIE_SECURE": True},
    {"SESSION_COOKIE_SAMESITE": "somewhere"},
    {"SESSION_COOKIE_PATH": "/a b;é"},
    {"SESSION_COOKIE_PATH": "", "APPLICATION_ROOT": "/root"},
    {"SESSION_COOKIE_NAME": "sessiön"},
    {"SESSION_COOKIE_NAME": "séssion ☃"},
    {"SESSION_COOKIE_NAME": 5},
    {"SESSION_REFRESH_EACH_REQUEST": False},
    {"MAX_COOKIE_SIZE": 0},
    {"MAX_COOKIE_SIZE": 60},
    {"MAX_COOKIE_SIZE": "60"},
    {"SECRET_KEY": None},
    {"SECRET_KEY": "another", "SECRET_KEY_FALLBACKS": ["some secret"]},
]
for settings in SETTINGS:
    print("==", settings)
    app = application(settings)
    for kind, action in itertools.product(("plain", "own", "subclass", "Werkzeug's", "Vary: Origin"), ACTIONS):
        show(app, kind, action, "permanent")


def overridden(name):
    def method(self, *args, **kwargs):
        print("  called", name)
        return getattr(SecureCookieSessionInterface, name)(self, *args, **kwargs)

    return type("Overriding", (SecureCookieSessionInterface,), {name: method})


METHODS = [
    "open_session",
    "save_session",
    "is_null_session",
    "make_null_session",
    "should_set_cookie",
    "get_expiration_time",
    "get_signing_serializer",
    "get_cookie_name",
    "get_cookie_domain",
    "get_cookie_path",
    "get_cookie_httponly",
    "get_cookie_secure",
    "get_cookie_samesite",
    "get_cookie_partitioned",
]
for name in METHODS:
    print("== overridden:", name)
    for secret in ("some secret", None):
        app = application({"SECRET_KEY": secret}, overridden(name))
        for kind, action in itertools.product(("plain", "own", "Werkzeug's"), ACTIONS):
            show(app, kind, action, "permanent")
    app = application({})
    interface, own = app.session_interface, getattr(app.session_interface, name)
    setattr(interface, name, lambda *args, own=own: (print("  on the instance"), own(*args))[1])
    for action in ACTIONS:
        show(app, "own", action, "permanent")
