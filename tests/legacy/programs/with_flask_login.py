"""A small program for flask_login, as its documentation of the time has it."""

from flask import Flask
from flask_login import (
    LoginManager,
    UserMixin,
    current_user,
    login_required,
    login_user,
    logout_user,
)

app = Flask(__name__)
app.secret_key = "k"
lm = LoginManager(app)
lm.login_view = "login"


class U(UserMixin):
    def __init__(s, i):
        s.id = i


@lm.user_loader
def load(i):
    return U(i)


@app.route("/login")
def login():
    login_user(U("1"), remember=True)
    return "in"


@app.route("/me")
@login_required
def me():
    return current_user.id


@app.route("/out")
def out():
    logout_user()
    return "out"


c = app.test_client()
r = c.get("/me")
assert r.status_code == 302
assert "next=%2Fme" in r.location, r.location
c.get("/login")
assert c.get("/me").text == "1"
c.delete_cookie("session")
assert c.get("/me").text == "1", "remember"
c.get("/out")
assert c.get("/me").status_code == 302


@lm.request_loader
def rl(req):
    return U("h") if req.headers.get("X") else None


assert c.get("/me", headers={"X": "1"}).text == "h"
