import os
from datetime import timedelta

from flask import Flask, session

app = Flask(__name__)
app.secret_key = "lasting"
app.permanent_session_lifetime = timedelta(minutes=5)


@app.route("/stay")
def stay():
    session.permanent = True
    session["who"] = "mei"
    return "five minutes"


@app.route("/again")
def again():
    return session.get("who", "nobody")


if __name__ == "__main__":
    app.run(port=int(os.environ["PORT"]))
