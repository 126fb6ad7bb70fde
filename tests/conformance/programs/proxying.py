"""What the proxies say of themselves, and what becomes of them, inside and outside of a context."""

import copy
import inspect
import re
import weakref

import flask
from flask import Flask
from werkzeug.local import LocalProxy


def show(label, ask):
    try:
        found = ask()
    except Exception as error:
        found = f"{type(error).__name__}: {error!s:.100}"
    print(label, "->", re.sub(r"0x[0-9a-f]+", "0x", str(found)))


ASKED = {
    "str of the type": lambda p: str(type(p)),
    "module": lambda p: (type(p).__module__, p.__module__),
    "name": lambda p: (type(p).__name__, type(p).__qualname__),
    "documentation": lambda p: type(p).__doc__ == LocalProxy.__doc__,
    "annotations": lambda p: type(p).__annotations__,
    "slots": lambda p: type(p).__slots__,
    "is a proxy": lambda p: (isinstance(p, LocalProxy), issubclass(type(p), LocalProxy)),
    # But for what CPython 3.14 leaves in the one class whose annotations were looked at.
    "all names": lambda p: sorted((set(dir(LocalProxy)) ^ set(dir(type(p)))) - {"__annotations_cache__"}),
    "an unbound method": lambda p: type(p)._get_current_object,
    "called type": lambda p: (type(type(p)(lambda: 3)) is LocalProxy, type(p)(lambda: 3) + 1),
    "called type, named": lambda p: type(p)(local=lambda: 3, unbound_message="none") + 1,
    "called type, wrongly": lambda p: type(p)(),
    "called type, with a text": lambda p: type(p)("a"),
    "repr": repr,
    "text": str,
    "its class": lambda p: p.__class__.__name__,
    "own documentation": lambda p: p.__doc__ == type(p._get_current_object()).__doc__,
    "dict": lambda p: type(p.__dict__),
    "truth": bool,
    "wrapped": lambda p: (type(p.__wrapped__), inspect.unwrap(p)),
    "current object": lambda p: type(p._get_current_object()),
    "hash": lambda p: hash(p) == hash(p._get_current_object()),
    "callable": callable,
    "an attribute that is not there": lambda p: p.never,
    "name of an instance": lambda p: p.__name__,
    "what kind": lambda p: (inspect.isclass(p), inspect.isroutine(p), inspect.ismodule(p), inspect.isawaitable(p)),
    "weak reference": lambda p: weakref.ref(p),
    "plain repr": lambda p: object.__repr__(p),
    "plain class": lambda p: str(object.__getattribute__(p, "__class__")),
    "copied": lambda p: type(copy.copy(p)),
    "number": lambda p: p + 1,
    "equal": lambda p: (p == p._get_current_object(), p != p._get_current_object()),
    "iterated": lambda p: iter(p).__class__,
    "length": len,
    "in a with block": lambda p: p.__enter__(),
    "awaited": lambda p: p.__await__(),
}


def go_through():
    for name in ("request", "session", "g", "current_app"):
        for what, ask in ASKED.items():
            show(f"{name}: {what}", lambda: ask(getattr(flask, name)))


go_through()
app = Flask("someones_app")
app.secret_key = "key"
with app.test_request_context("/x"):
    go_through()
    for name in ("g", "session"):
        show(f"{name}: deep copy", lambda: type(copy.deepcopy(getattr(flask, name))))


class Mine(Flask):
    pass


first = Mine("someones_app")
first.add_url_rule("/", view_func=lambda: flask.current_app.mark)
second = copy.copy(first)
first.mark, second.mark = "first", "second"
print(type(second), second.test_client().get("/").text, first.test_client().get("/").text)
print(second.url_map is first.url_map, second.config is first.config)
