import os

from flask import Flask, session

app = Flask(__name__)
app.secret_key = os.urandom(24)
print(len(app.secret_key), type(app.secret_key))


@app.route("/")
def count():
    session["visits"] = session.get("visits", 0) + 1
    return str(session["visits"])


if __name__ == "__main__":
    app.run(port=int(os.environ["PORT"]))
