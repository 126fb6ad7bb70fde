"""Sets and deletes cookies with arguments of every type, and prints the header or the error."""

import datetime
import re
import warnings
from contextlib import nullcontext

from flask import Flask, Response

warnings.simplefilter("ignore")


class Text(str):
    pass


class Printed:
    def __str__(self):
        return "printed"


VALUES = [None, 1, 1.5, True, False, b"b", "", "x", "\udcff", "é", [], ["a"], {}, (), object, Printed(), Text("s")]
VALUES += [
    datetime.datetime(2020, 1, 1),
    datetime.timedelta(days=1),
    float("nan"),
    float("inf"),
    10**30,
    bytearray(b"x"),
]
BOTH = "key path domain secure httponly samesite partitioned".split()


def show(label, ask):
    try:
        found = ask()
    except Exception as error:
        found = f"{type(error).__name__}: {error}"
    # Neither addresses nor the seconds in which it ran.
    print(re.sub(r"0x[0-9a-f]+", "0x", re.sub(r"\d\d:\d\d:\d\d", "then", f"{label} {found!a}")))


def cookies(method, cls=Response, **arguments):
    response = cls()
    arguments.setdefault("key", "name")
    getattr(response, method)(**arguments)
    return response.headers.getlist("Set-Cookie")


app = Flask("someones_app")
for where in (nullcontext, app.app_context):
    with where():
        for value in VALUES:
            for name in (*BOTH, "value", "max_age", "expires"):
                if name != "value" or not isinstance(value, bytes):  # which works here
                    show(f"{name}={value!a}", lambda: cookies("set_cookie", **{name: value}))
            for name in BOTH:
                show(f"without {name}={value!a}", lambda: cookies("delete_cookie", **{name: value}))
        show("nothing", lambda: Response().set_cookie())
        show("too many", lambda: Response().set_cookie(*range(12)))
        show("never was", lambda: Response().set_cookie("name", never=1))
        for limit in (None, 0, "x", 1.5, -1, 10**30, True):
            Limited = type("Limited", (Response,), {"max_cookie_size": limit})
            show(f"limit {limit!r}", lambda: cookies("set_cookie", Limited, value="v"))
            app.config["MAX_COOKIE_SIZE"] = limit
            show(f"configured {limit!r}", lambda: cookies("set_cookie", value="v"))
        app.config["MAX_COOKIE_SIZE"] = 4093
