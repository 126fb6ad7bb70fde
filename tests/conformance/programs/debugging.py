import os

from flask import Flask, jsonify, request

app = Flask(__name__)


@app.route("/")
def first():
    return "before the edit"


@app.route("/info")
def info():
    return request.args.get("info")


@app.route("/sum")
def total():
    return jsonify({"sum": 3, "parts": [1, 2]})


@app.route("/missing")
def missing():
    return {"word": request.form["word"]}


if __name__ == "__main__":
    app.run(debug=True, port=int(os.environ["PORT"]))
