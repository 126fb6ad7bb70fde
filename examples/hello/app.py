"""A guest book in one file: routes, a form, a session, a template, JSON. Plain Flask: nothing in it is ferroflask's."""

from flask import Flask, flash, jsonify, redirect, render_template, request, session, url_for

app = Flask(__name__)
app.config["SECRET_KEY"] = "for this example only"
guests: list[str] = []


@app.get("/")
def index():
    session["visits"] = session.get("visits", 0) + 1
    return render_template("index.html", guests=guests, visits=session["visits"])


@app.post("/sign")
def sign():
    name = request.form["name"].strip()
    if name:
        guests.append(name)
        flash(f"Thank you, {name}.")
    return redirect(url_for("index"))


@app.get("/hello/<name>")
def hello(name):
    return f"Hello, {name}!\n", {"Content-Type": "text/plain; charset=utf-8"}


@app.get("/guests.json")
def guests_json():
    return jsonify(guests=guests, count=len(guests))


if __name__ == "__main__":
    app.run(debug=True)
