import json
import os

from flask import Flask, Response, jsonify, request

app = Flask("my-app")


def added():
    return {"sum": request.json["a"] + request.json["b"]}


@app.route("/add", methods=["POST"])
def add():
    print(request.headers)
    print(type(request.json))
    print(request.json)
    return str(added()["sum"])


@app.route("/typed", methods=["POST"])
def typed():
    return Response(json.dumps(added()), mimetype="application/json")


@app.route("/signed", methods=["POST"])
def signed():
    resp = Response(json.dumps(added()), mimetype="application/json")
    resp.headers.add("Server", "python flask")
    return resp


@app.route("/short", methods=["POST"])
def short():
    return jsonify(added())


if __name__ == "__main__":
    app.run(port=int(os.environ["PORT"]))
