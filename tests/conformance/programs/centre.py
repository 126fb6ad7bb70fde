import os

from flask import Flask, redirect, request, url_for

app = Flask(__name__)


@app.route("/login")
def login():
    return "请登录"


@app.route("/user")
def user():
    print(app.url_map)
    if not request.args.get("token"):
        return redirect(url_for("login"))
    return "我的页面"


@app.route("/mobile/<int:mobile>")
def sms(mobile):
    return f"{mobile}"


@app.route("/call")
def call():
    print(url_for("sms", mobile="13012345677"))
    print(url_for("sms", mobile=13012345678, _external=True))
    print(url_for("user", token="a b", _anchor="top"))
    return redirect(url_for("sms", mobile="13012345677"))


if __name__ == "__main__":
    app.run(port=int(os.environ["PORT"]))
