import os

from flask import Flask, jsonify

app = Flask(__name__)
app.config.update({"DEBUG": True})


@app.route("/")
def index():
    print(app.config["DEBUG"])
    return jsonify(name="mei", age=16)


if __name__ == "__main__":
    app.run(port=int(os.environ["PORT"]))
