import os

from flask import Flask, url_for

app = Flask(__name__, static_path="/assets", static_folder=".")


@app.route("/")
def index():
    return url_for("static", filename="static_path.py")


if __name__ == "__main__":
    app.run(port=int(os.environ["PORT"]))
