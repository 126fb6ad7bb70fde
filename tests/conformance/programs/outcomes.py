import os

from flask import Flask, abort, make_response, redirect, request, url_for

app = Flask(__name__)


@app.route("/hello")
def hello():
    name = request.args.get("name")
    if name is None:
        name = request.cookies.get("name", "stranger")
    return "<h1>Good day, %s</h1>" % name


@app.route("/a-set")
def a_set():
    return "", 302, {"Location", "http://www.example.org"}


@app.route("/a-dict")
def a_dict():
    return "", 302, {"Location": "http://www.example.org"}


@app.route("/away")
def away():
    return redirect("http://www.example.org")


@app.route("/misspelt")
def misspelt():
    return redierct(url_for("hello"))


@app.route("/404")
def not_here():
    abort(404)


@app.route("/abort/<int:code>")
def refuse(code):
    abort(code)


@app.route("/abort/text")
def refuse_with_words():
    abort(410, description="sold <out>")


@app.route("/plain")
def plain():
    response = make_response("just <text>")
    response.mimetype = "text/plain"
    return response


@app.route("/note/<kind>")
def note(kind):
    response = make_response("<note>ü</note>")
    response.mimetype = {"xml": "application/xml", "json": "application/json", "csv": "text/csv"}[kind]
    return response


@app.route("/set/<name>")
def set_cookie(name):
    response = make_response(redirect(url_for("hello")))
    response.set_cookie("name", name)
    return response


if __name__ == "__main__":
    app.run(port=int(os.environ["PORT"]))
