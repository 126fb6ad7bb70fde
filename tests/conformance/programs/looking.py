"""Looks for names of other eras where a warning is an error, as programs do to find out what they run on."""

import inspect
import tempfile
import warnings
from unittest import mock

import flask
import itsdangerous
import markupsafe
import werkzeug
from flask import Blueprint, Flask
from werkzeug.security import check_password_hash, generate_password_hash

warnings.simplefilter("error")


def show(label, ask):
    try:
        found = ask()
    except Exception as error:
        found = f"{type(error).__name__}: {error}"
    print(label, "->", found)


def kind(label, ask):
    try:
        ask()
    except Exception as error:
        print(label, "->", type(error).__name__)
    else:
        print(label, "-> nothing raised")


app = Flask("someones_app")
OWNERS = [
    (app, "before_first_request before_first_request_funcs json_encoder env session_cookie_name open_session modules"),
    (app, "static_path got_first_request try_trigger_before_first_request_functions error_handlers logger_name"),
    (Blueprint("part", "part"), "before_app_first_request json_encoder warn_on_modifications"),
    (app.config, "from_json"),
    (flask.Response(), "charset"),
    (app.test_client(), "cookie_jar"),
    (app.app_context(), "_refcnt"),
    (app.test_request_context(), "g preserved auto_pop"),
]
for owner, names in OWNERS:
    for name in names.split():
        show(f"has {name}", lambda: hasattr(owner, name))
        show(f"get {name}", lambda: getattr(owner, name))
        show(f"lists {name}", lambda: name in dir(owner))

LINES = """
from flask import _app_ctx_stack
from flask import _request_ctx_stack
from flask import escape, Markup
from flask import safe_join
from flask import never
from flask.json import JSONEncoder
from flask.globals import _request_ctx_stack
from flask.helpers import safe_join
from werkzeug.urls import url_parse
from werkzeug import BaseResponse
from werkzeug.contrib.fixers import ProxyFix
from jinja2 import Markup
from itsdangerous import TimedJSONWebSignatureSerializer
"""
for line in LINES.split("\n"):

    def run():
        try:
            exec(line, {})
        except ImportError as error:
            return str(error).partition(" (")[0] if "contrib" not in line else "no import"
        return "found"

    show(line, run)
for name in ("escape", "_app_ctx_stack", "never"):
    kind(f"flask.{name}", lambda: getattr(flask, name))

for module in (flask, werkzeug, markupsafe, itsdangerous):
    show(f"version of {module.__name__}", lambda: module.__version__)
    kind(f"has version of {module.__name__}", lambda: hasattr(module, "__version__"))

show("members", lambda: "before_first_request" in dict(inspect.getmembers(app)))
show("members of the class", lambda: len(inspect.getmembers(Flask)) > 50)
show("autospec", lambda: hasattr(mock.create_autospec(app), "before_first_request"))
show("spec", lambda: hasattr(mock.Mock(spec=app), "before_first_request"))
kind("patch", lambda: mock.patch.object(app, "before_first_request").start())

show("update", lambda: app.config.update(JSON_SORT_KEYS=False))
show("item", lambda: app.config.__setitem__("JSON_SORT_KEYS", False))
show("setdefault", lambda: app.config.setdefault("JSON_AS_ASCII", False))
show("from_mapping", lambda: app.config.from_mapping(JSONIFY_PRETTYPRINT_REGULAR=True))
show("from_object", lambda: app.config.from_object(type("Settings", (), {"JSONIFY_MIMETYPE": "a/b"})))
with app.app_context():
    show("dumps", lambda: flask.json.dumps({"é": 1, "a": 2}))
    show("jsonify", lambda: flask.jsonify({"é": 1, "a": 2}).headers)
show("ENV", lambda: app.config["ENV"])
show("assign", lambda: setattr(app, "session_cookie_name", "other"))
show("assigned", lambda: (app.session_cookie_name, app.config["SESSION_COOKIE_NAME"]))
show("assign a class", lambda: setattr(app, "json_encoder", dict))
show("assigned class", lambda: app.json_encoder)

show("static_path", lambda: Flask("someones_app", static_path="/x"))
with app.test_request_context():
    show("send_file", lambda: flask.send_file(__file__, attachment_filename="x"))
    kind("send_from_directory", lambda: flask.send_from_directory(tempfile.gettempdir(), filename="x"))
show("a cookie of bytes", lambda: flask.Response().set_cookie("name", b"x"))
show("as_tuple", lambda: app.test_client().get("/", as_tuple=True))
show("generate", lambda: generate_password_hash("x", method="sha256"))
kind("check", lambda: check_password_hash("sha256$a$bb", "x"))
app.test_client().get("/")
kind("late", lambda: app.add_url_rule("/late", "late", lambda: ""))


class Mine(Flask):
    json_encoder = dict


show("of a subclass", lambda: ("json_encoder" in dir(Mine("mine")), Mine("mine").json_encoder))

# And where it is none: as the library warns itself.
warnings.simplefilter("always")
for module in (flask, markupsafe, itsdangerous):
    with warnings.catch_warnings(record=True) as caught:
        module.__version__  # noqa: B018
    print([(str(each.message), each.category.__name__, each.filename == __file__, each.lineno) for each in caught])
app = Flask("someones_app")
with warnings.catch_warnings(record=True) as caught:
    inspect.getmembers(app)
    mock.create_autospec(app)
    dir(app)
print(len(caught), [name for name in vars(app) if name == "full_dispatch_request"])
