import os

from flask import Flask, redirect, request, session, url_for

app = Flask(__name__)
if "NO_SECRET" not in os.environ:
    app.config["SECRET_KEY"] = "asd!2#fs%df8"


@app.route("/set")
def set_session():
    session["username"] = "mei"
    session["user_id"] = 31
    session["data"] = [1, 2, 3, 5, "AAAA"]
    return "kept"


@app.route("/get")
def get_session():
    print(f"username={session.get('username')}")
    print(f"user_id={session.get('user_id')}")
    print(f"data={session.get('data')}")
    return "read"


@app.route("/del")
def delete():
    print(session.pop("username"))
    return "dropped"


@app.route("/login", methods=["get", "post"])
def login():
    if request.method == "GET":
        return '<form method="post"><input name="username"><input name="password" type="password"></form>'
    if request.form.get("username") == "root" and request.form.get("password") == "123456":
        session["user_id"] = 1
        session["username"] = "root"
        return "你好，可以进来了！"
    return redirect(url_for("login"))


@app.route("/user")
def user():
    if not session.get("user_id"):
        return redirect(url_for("login"))
    return "只给 " + session["username"] + " 看"


@app.route("/leave")
def leave():
    session.clear()
    return "left"


if __name__ == "__main__":
    app.run(port=int(os.environ["PORT"]))
