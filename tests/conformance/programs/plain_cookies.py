import os
import time

from flask import Flask, Response, request

app = Flask(__name__)


@app.route("/add")
def add():
    res = Response("cookie comes along")
    res.set_cookie(key="who", value="mei", expires=time.time() + 6 * 60)
    return res


@app.route("/show")
def show():
    return request.cookies.__str__()


@app.route("/del")
def delete():
    res = Response("cookie goes")
    res.set_cookie("who", "", expires=0)
    return res


if __name__ == "__main__":
    app.run(port=int(os.environ["PORT"]))
