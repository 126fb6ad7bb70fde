import os

from flask import Flask, request

app = Flask(__name__)


@app.route("/")
def start():
    return "come in"


@app.route("/raw", methods=["POST"])
def raw():
    print(request.headers)
    print(request.stream.read())
    return "noted"


@app.route("/register", methods=["POST"])
def register():
    print(request.form)
    print(request.form["name"])
    print(request.form.get("name"))
    print(request.form.getlist("name"))
    print(request.form.get("nickname", default="tiny pear"))
    return "noted"


@app.route("/headers", methods=["POST"])
def headers():
    return str(request.headers)


if __name__ == "__main__":
    app.run(port=int(os.environ["PORT"]))
