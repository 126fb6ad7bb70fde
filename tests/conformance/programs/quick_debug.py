import os

from flask import Flask

app = Flask(__name__)


@app.route("/")
def index():
    return "debug is " + str(app.debug)


if __name__ == "__main__":
    app.run(port=int(os.environ["PORT"]))
