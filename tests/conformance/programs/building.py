"""Calls `url_for` and `ensure_sync` with every kind of argument, inside and outside of requests, and prints the results."""

import functools
import inspect
import itertools

from flask import Blueprint, Flask, url_for


def said(function, *args, **kwargs):
    try:
        return repr(function(*args, **kwargs))
    except Exception as error:
        return f"{type(error).__name__}: {error}"


def application(kind=Flask, **settings):
    app = kind(__name__)
    app.config.update(settings)
    inner = Blueprint("inner", __name__)
    outer = Blueprint("outer", __name__, url_prefix="/outer")
    for owner, prefix in ((app, ""), (inner, "/inner"), (outer, "/self")):
        owner.add_url_rule(f"{prefix}/", "index", lambda: "index")
        owner.add_url_rule(f"{prefix}/<int:number>/<path:rest>", "both", lambda **_: "both")
        owner.add_url_rule(f"{prefix}/post", "post", lambda: "post", methods=["POST"])
        owner.add_url_rule(f"{prefix}/strange/<self>/<values>", "strange", lambda **_: "strange")
    outer.register_blueprint(inner)
    app.register_blueprint(outer)
    return app


class Text(str):
    def __str__(self):
        return "other"


ENDPOINTS = ["index", ".index", ".both", "outer.inner.post", "post", "nowhere", ".nowhere", "", 5, None, Text("index")]
VALUES = [{}, {"number": 4, "rest": "a b/ü"}, {"number": "x", "rest": 1}, {"q": ["a", "b"], "none": None}]
ANCHORS = [None, "", "a b#ü/%41?", Text("anchor"), 5, b"bytes", "\udc80"]
OPTIONS = [
    {},
    *({"_anchor": anchor} for anchor in ANCHORS),
    *({"_method": method} for method in ("GET", "post", "POST", Text("POST"))),
    *({"_scheme": scheme} for scheme in ("https", "", None)),
    *({"_external": external} for external in (True, False, None, 0, "yes", [])),
    *({"_scheme": "https", "_external": external, "_anchor": "a b"} for external in (True, False, None)),
]


class Handled(Flask):
    def handle_url_build_error(self, error, endpoint, values):
        return f"handled {endpoint} {sorted(values.items(), key=str)}"


class Passing(Flask):
    def url_for(self, endpoint, **values):
        return "passed:" + super().url_for(endpoint, **values)


class OtherAdapter(Flask):
    def create_url_adapter(self, request):
        return super().create_url_adapter(request)


APPS = {
    "usual": application(),
    "with SERVER_NAME": application(SERVER_NAME="example.com:8000", PREFERRED_URL_SCHEME="https"),
    "handling": application(Handled),
    "passing": application(Passing),
    "other adapter": application(OtherAdapter),
}
APPS["with defaults"] = application()
APPS["with defaults"].url_defaults(lambda endpoint, values: values.setdefault("default", endpoint))
APPS["on the instance"] = application()
APPS["on the instance"].url_for = lambda endpoint, **values: f"instance {endpoint} {values}"
PLACES = {
    "/": "a request",
    "/outer/inner/": "a nested blueprint",
    "/missing": "no rule",
    None: "the application alone",
    False: "nowhere",
}

for (name, app), place in itertools.product(APPS.items(), PLACES):
    context = app.test_request_context(place) if place else app.app_context()
    if place is False:
        places = [app.url_for]
    else:
        context.push()
        places = [app.url_for, url_for]
    print("==", name, PLACES[place])
    for build, endpoint, values, options in itertools.product(places, ENDPOINTS, VALUES, OPTIONS):
        if name != "usual" and (endpoint not in ENDPOINTS[1:5] or values not in VALUES[:2]):
            continue
        if build is url_for and (values or endpoint not in ENDPOINTS[:2]):
            continue
        print(endpoint, values, sorted(options), said(build, endpoint, **values, **options))
    for build in places:
        print(said(build).partition(":")[0], said(build, "index", "more").partition(":")[0])
        print(said(build, endpoint="index"), said(build, "index", _other=1))
        print(said(build, "strange", values="v", **({"self": "s"} if build is app.url_for else {})))
    if place is not False:
        context.pop()

print("== signatures")
for method in (Flask.url_for, Flask.ensure_sync, Flask.async_to_sync):
    signature = inspect.signature(method)
    print(method.__name__, [(p.name, str(p.kind), str(p.default)) for p in signature.parameters.values()][1:])


class Callable:
    def __call__(self):
        return "called"

    def method(self):
        return "method"

    async def coroutine(self):
        return "coroutine"

    @classmethod
    async def of_class(cls):
        return "of class"

    @staticmethod
    def static():
        return "static"


class AsyncCallable:
    async def __call__(self):
        return "called"


async def coroutine():
    return "coroutine"


async def generator():
    yield 1


def marked():
    return "marked"


if hasattr(inspect, "markcoroutinefunction"):
    inspect.markcoroutinefunction(marked)


class Own(Flask):
    def async_to_sync(self, func):
        return lambda *args, **kwargs: ("own", func.__name__ if hasattr(func, "__name__") else "partial")


class Sync(Own):
    def ensure_sync(self, func):
        print("  ensured")
        return super().ensure_sync(func)


FUNCTIONS = {
    "function": lambda: "function",
    "method": Callable().method,
    "async method": Callable().coroutine,
    "async class method": Callable.of_class,
    "static method": Callable.static,
    "object": Callable(),
    "async object": AsyncCallable(),
    "its method": AsyncCallable().__call__,
    "async function": coroutine,
    "async generator": generator,
    "partial": functools.partial(marked),
    "async partial": functools.partial(coroutine),
    "partial of an async method": functools.partial(Callable().coroutine),
    "built in": len,
    "method built in": [].append,
    "class": Callable,
    "marked": marked,
    "lambda with an async default": lambda default=coroutine: "default",
}
for kind in (Own, Sync):
    print("== ensure_sync of", kind.__name__)
    app = kind(__name__)
    for name, function in FUNCTIONS.items():
        ensured = app.ensure_sync(function)
        print(name, ensured is function or ensured == function, ensured() if ensured is not function else "itself")
    print(said(app.ensure_sync).partition(":")[0], said(app.ensure_sync, None), said(app.ensure_sync, func=5))

print("== hooks that are methods")


class Hooks:
    def __init__(self, name):
        self.name = name

    def before(self):
        print("  before", self.name)

    async def before_async(self):
        print("  before, async", self.name)

    def after(self, response):
        print("  after", self.name)
        return response

    async def after_async(self, response):
        print("  after, async", self.name)
        return response

    def teardown(self, error):
        print("  teardown", self.name, error)


class Awaiting(Flask):
    def async_to_sync(self, func):
        def run(*args, **kwargs):
            try:
                func(*args, **kwargs).send(None)
            except StopIteration as stopped:
                return stopped.value

        return run


for is_overridden in (False, True):
    app = Awaiting(__name__)
    if is_overridden:
        app.ensure_sync = lambda func, app=app: (print("  ensured"), Flask.ensure_sync(app, func))[1]
    for hooks in (Hooks("one"), Hooks("two")):
        app.before_request(hooks.before)
        app.before_request(hooks.before_async)
        app.after_request(hooks.after)
        app.after_request(hooks.after_async)
        app.teardown_request(hooks.teardown)
        app.teardown_appcontext(hooks.teardown)
    app.add_url_rule("/method", "method", Callable().method)
    app.add_url_rule("/coroutine", "coroutine", Callable().coroutine)
    app.add_url_rule("/object", "object", Callable())
    for path in ("/method", "/coroutine", "/object", "/missing"):
        print(path, app.test_client().get(path).status)
