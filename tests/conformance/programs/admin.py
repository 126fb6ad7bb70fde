import os

from flask import Flask, abort, redirect, request, session, url_for

app = Flask(__name__)
app.secret_key = os.getenv("SECRET_KEY", "secret string")


@app.route("/")
@app.route("/hello")
def hello():
    name = request.args.get("name", "stranger")
    response = "<h1>Good day, %s!</h1>" % name
    if "logged_in" in session:
        response += "[known]"
    else:
        response += "[unknown]"
    return response


@app.route("/login")
def login():
    session["logged_in"] = True
    return redirect(url_for("hello"))


@app.route("/admin")
def admin():
    if "logged_in" not in session:
        abort(403)
    return "The control room."


@app.route("/logout")
def logout():
    if "logged_in" in session:
        session.pop("logged_in")
    return redirect(url_for("hello"))


@app.route("/key")
def key():
    return app.config["SECRET_KEY"]


if __name__ == "__main__":
    app.run(port=int(os.environ["PORT"]))
