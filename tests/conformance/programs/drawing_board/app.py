import os

from flask import Flask, request

from drawing import bp
from people import blue

app = Flask(__name__)
app.register_blueprint(bp)
app.register_blueprint(blue)


@app.route("/", methods=["get"])
def hello():
    return "good day!!!"


@app.route("/data", methods=["POST"])
def data():
    params = request.data
    return params.get("username")


@app.route("/args")
def args():
    params = request.args
    params.get("username")


if __name__ == "__main__":
    app.run(port=int(os.environ["PORT"]))
