import os

from flask import Flask, request

app = Flask(__name__)


@app.route("/")
def everything():
    print(request.path)
    print(request.full_path)
    return request.args.__str__()


@app.route("/bare")
def bare():
    return request.args.get("info")


@app.route("/guarded")
def guarded():
    r = request.args.get("info")
    if r == None:
        return ""
    return r


@app.route("/fallback")
def fallback():
    return request.args.get("info", "hi")


@app.route("/one")
def one():
    return request.args.get("p")


@app.route("/all")
def all_of_them():
    return str(request.args.getlist("p"))


if __name__ == "__main__":
    app.run(port=int(os.environ["PORT"]))
