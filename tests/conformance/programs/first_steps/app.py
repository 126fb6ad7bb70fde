import json
import os

from flask import Flask, jsonify, make_response, render_template, request, url_for

app = Flask(__name__)


@app.route("/hello/")
@app.route("/hello/<name>")
def hello(name=None):
    return render_template("src/hello.html", name=name)


@app.route("/test", methods=["POST", "GET"])
def test():
    print(request.method)
    print(request.form["username"])
    return "sent back"


@app.route("/json")
def as_json():
    return jsonify({"result": "good day", "b": 1, "a": [1.5, None]})


@app.route("/json/list")
def as_json_list():
    return jsonify([1, 2, 3])


@app.route("/json/dumps")
def as_text():
    return json.dumps({"result": "good day"})


@app.route("/style")
def style():
    return url_for("static", filename="style.css")


@app.route("/read-cookie")
def read_cookie():
    username = request.cookies.get("username")


@app.route("/write-cookie")
def write_cookie():
    resp = make_response(render_template("src/hello.html", name="cookie"))
    resp.set_cookie("username", "the whole name")
    return resp


@app.route("/write-cookie/unfinished")
def write_cookie_unfinished():
    resp = make_response(render_template(...))
    resp.set_cookie("username", "the whole name")
    return resp


@app.route("/whoami")
def whoami():
    return request.cookies.get("username", "?")


if __name__ == "__main__":
    app.run(port=int(os.environ["PORT"]))
