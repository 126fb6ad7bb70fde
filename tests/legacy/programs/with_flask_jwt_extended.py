"""A small program for flask_jwt_extended, as its documentation of the time has it."""

from flask import Flask, jsonify, request
from flask_jwt_extended import (
    JWTManager,
    create_access_token,
    create_refresh_token,
    fresh_jwt_required,
    get_jwt_claims,
    get_jwt_identity,
    jwt_refresh_token_required,
    jwt_required,
)

app = Flask(__name__)
app.config["JWT_SECRET_KEY"] = "x" * 32
app.config["JWT_TOKEN_LOCATION"] = ["headers", "cookies"]
app.config["JWT_COOKIE_CSRF_PROTECT"] = False
jwt = JWTManager(app)


@jwt.user_claims_loader
def cl(i):
    return {"who": i}


@app.route("/login", methods=["POST"])
def login():
    return jsonify(
        access=create_access_token(identity=request.json["u"], fresh=True),
        refresh=create_refresh_token(identity=request.json["u"]),
    )


@app.route("/p")
@jwt_required
def p():
    return jsonify(get_jwt_identity(), get_jwt_claims())


@app.route("/r", methods=["POST"])
@jwt_refresh_token_required
def r():
    return jsonify(get_jwt_identity())


@app.route("/f")
@fresh_jwt_required
def f():
    return "f"


c = app.test_client()
t = c.post("/login", json={"u": "me"}).json


def H(k):
    return {"Authorization": "Bearer " + t[k]}


assert c.get("/p", headers=H("access")).json == ["me", {"who": "me"}], c.get("/p", headers=H("access")).text
assert c.post("/r", headers=H("refresh")).json == ["me"] or c.post("/r", headers=H("refresh")).json == "me"
assert c.get("/p").status_code == 401
assert c.get("/p", headers=H("refresh")).status_code == 422
assert c.get("/f", headers=H("access")).text == "f"
