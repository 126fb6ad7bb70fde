import os

from flask import Flask, request

app = Flask(__name__)


@app.route("/")
def bound_to():
    return str(request.server[0]) + " " + request.host


if __name__ == "__main__":
    app.run(host=os.environ["HOST"], port=int(os.environ["PORT"]), debug=True)
