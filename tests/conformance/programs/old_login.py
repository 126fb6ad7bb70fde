import os

from flask import Flask, session, redirect, url_for, escape, request

app = Flask(__name__)


@app.route("/")
def index():
    if "username" in session:
        return "You came in as %s" % escape(session["username"])
    return "You have not come in"


@app.route("/login", methods=["GET", "POST"])
def login():
    if request.method == "POST":
        session["username"] = request.form["username"]
        return redirect(url_for("index"))
    return """''
        <form action="" method="post">
            <p><input type=text name=username>
            <p><input type=submit value=Enter>
        </form>
    """


@app.route("/logout")
def logout():
    session.pop("username", None)
    return redirect(url_for("index"))


app.secret_key = "B1Zr27k/3yX S~XHH!kmO]LXY/,?RU"

if __name__ == "__main__":
    app.run(port=int(os.environ["PORT"]))
