import os

from flask import Flask, redirect, render_template_string, request, session, url_for

app = Flask(__name__)
app.secret_key = "G3bn\3/a?Qz L~P@V!mKx,T"


@app.route("/")
def index():
    return "start here"


@app.route("/login")
def login():
    page = """
    <form action="{{ url_for('do_login') }}" method="post">
        <p>who: <input type="text" name="who"></p>
        <input type="submit" value="Enter">
    </form>
    """
    return render_template_string(page)


@app.route("/do_login", methods=["POST"])
def do_login():
    name = request.form.get("who")
    session["who"] = name
    return "welcome"


@app.route("/show")
def show():
    return session["who"]


@app.route("/logout")
def logout():
    session.pop("who", None)
    return redirect(url_for("index"))


if __name__ == "__main__":
    app.run(port=int(os.environ["PORT"]))
