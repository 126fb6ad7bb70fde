import os

from flask import Flask

app = Flask(__name__)


@app.route("/")
def greeting():
    return "Good day, planet!"


if __name__ == "__main__":
    app.run(port=int(os.environ["PORT"]))
