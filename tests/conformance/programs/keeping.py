"""Sends permanent sessions back and forth, and prints the cookies that answer them."""

import base64
import json
import time
import zlib
from datetime import datetime, timedelta

import flask.sessions
from flask import Flask, session
from itsdangerous import TimestampSigner

NOW = [1_700_000_000]
time.time = lambda: NOW[0]  # cookies carry the time


class Clock(datetime):
    @classmethod
    def now(cls, tz=None):
        return cls.fromtimestamp(NOW[0] + 0.75, tz)


flask.sessions.datetime = Clock
app = Flask(__name__)
app.secret_key = "some secret"
app.logger.disabled = True

CONTENTS = {
    "nothing": {},
    "short": {"who": "mei"},
    "as long as a login": {
        "_fresh": True,
        "_id": "9f8e7d6c5b4a3928" * 8,
        "_user_id": "17",
        "csrf_token": "0123456789abcdef" * 3,
    },
    "long": {"basket": [f"book {number * 7919 % 10007}" for number in range(300)]},
    "not ASCII": {"name": "Ünïcode ☃ 𝄞" * 4},
    "of high bytes": {"name": "日本語テ" * 4},
    "unsorted": {"b": [1, 2.5, None], "a": {"z": 1, "y": [True, {}]}},
}


@app.route("/begin/<name>")
def begin(name):
    session.permanent = True
    session.update(CONTENTS[name])
    return "begun"


@app.route("/untouched")
def untouched():
    return "untouched"


@app.route("/read")
def read():
    return repr(sorted(session))


@app.route("/inside")
def inside():
    # No item of the session is set, so it does not count as changed.
    for value in session.values():
        if isinstance(value, list):
            value.append("more")
    return "changed inside"


@app.route("/there-and-back")
def there_and_back():
    session["extra"] = 1
    del session["extra"]
    return "changed twice"


@app.route("/other")
def other():
    session["extra"] = "more"
    return "changed"


@app.route("/short-lived")
def short_lived():
    session.permanent = False
    return "no longer permanent"


def key():
    serializer = app.session_interface.get_signing_serializer(app)
    return TimestampSigner(
        serializer.secret_keys,
        "cookie-session",
        key_derivation="hmac",
        digest_method=serializer.signer_kwargs["digest_method"],
    )


def made_elsewhere(value):
    """Yield payloads for one value that differ from those of Flask, all of which it reads."""
    text = json.dumps(value).encode()
    plain = base64.urlsafe_b64encode(text)
    yield "plain", plain.rstrip(b"=")
    yield "with padding", plain
    yield "stored", b"." + base64.urlsafe_b64encode(zlib.compress(text, 0)).rstrip(b"=")
    yield "with more behind", b"." + base64.urlsafe_b64encode(zlib.compress(text) + b"more").rstrip(b"=")
    yield "broken", b"." + base64.urlsafe_b64encode(zlib.compress(text)[:-3]).rstrip(b"=")


def show(client, path, **options):
    NOW[0] += 60
    answer = client.get(path, **options)
    print(
        path,
        answer.status_code,
        answer.text[:60],
        *answer.headers.getlist("Set-Cookie"),
        answer.headers.getlist("Vary"),
    )


for name in CONTENTS:
    print("==", name)
    for path in ("/untouched", "/read", "/inside", "/there-and-back", "/other", "/short-lived"):
        client = app.test_client()
        show(client, f"/begin/{name}")
        show(client, path)
        show(client, "/read")
        show(client, path)

for setting in (
    {"SESSION_REFRESH_EACH_REQUEST": False},
    {"SECRET_KEY": "another", "SECRET_KEY_FALLBACKS": ["some secret"]},
    {"SECRET_KEY": None},
    {"SECRET_KEY": b"some secret"},
    {"PERMANENT_SESSION_LIFETIME": 90},
    {"PERMANENT_SESSION_LIFETIME": 30},
    {"PERMANENT_SESSION_LIFETIME": None},
    {"PERMANENT_SESSION_LIFETIME": timedelta(seconds=90.5)},
    {"PERMANENT_SESSION_LIFETIME": timedelta(days=10**8)},
    {"PERMANENT_SESSION_LIFETIME": -1},
):
    print("==", setting)
    client = app.test_client()
    show(client, "/begin/long")
    before = dict(app.config)
    app.config.update(setting)
    show(client, "/untouched")
    show(client, "/other")
    app.config.update(before)

print("== attributes")
client = app.test_client()
show(client, "/begin/short")
app.permanent_session_lifetime = 3600
show(client, "/untouched")
app.permanent_session_lifetime = timedelta(days=31)
app.secret_key = "new"
show(client, "/untouched")
app.secret_key = "some secret"
show(client, "/untouched")


class Hasty(Flask):
    secret_key = "of the class"
    permanent_session_lifetime = timedelta(minutes=5)


hasty = Hasty(__name__)
hasty.config["SECRET_KEY"] = "not asked"
hasty.add_url_rule("/begin/<name>", view_func=begin)
hasty.add_url_rule("/untouched", view_func=untouched)
client = hasty.test_client()
show(client, "/begin/short")
show(client, "/untouched")
Hasty.permanent_session_lifetime = timedelta(minutes=50)
show(client, "/untouched")
ConfigAttribute = type(Flask.secret_key)
usual = ConfigAttribute.__get__
ConfigAttribute.__get__ = lambda self, obj, owner=None: (
    "patched" if self.__name__ == "SECRET_KEY" and obj else usual(self, obj, owner)
)
client = app.test_client()
show(client, "/begin/short")
show(client, "/untouched")
ConfigAttribute.__get__ = usual
show(client, "/untouched")

print("== written in another way")
client = app.test_client()
show(client, "/begin/unsorted")
app.json.sort_keys = False
show(client, "/untouched")
app.json.ensure_ascii = False
show(client, "/untouched")
for name in CONTENTS:
    show(client, f"/begin/{name}")
    show(client, "/read")
app.json.sort_keys = app.json.ensure_ascii = True
show(client, "/untouched")

for name, content in CONTENTS.items():
    for how, payload in made_elsewhere({"_permanent": True, **content}):
        print("== made elsewhere:", name, how)
        cookie = key().sign(payload).decode()
        for path in ("/untouched", "/read", "/other"):
            NOW[0] += 60
            answer = app.test_client(use_cookies=False).get(path, headers={"Cookie": f"session={cookie}"})
            # What was compressed in another way may be sent again as it is.
            sent = answer.headers.get("Set-Cookie", "").partition("session=")[2].partition(";")[0]
            serializer = app.session_interface.get_signing_serializer(app)
            print(path, answer.status_code, sorted(serializer.loads(sent).items()) if sent else None)
