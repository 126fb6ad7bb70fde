import os

from flask import Flask, get_template_attribute, render_template

app = Flask(__name__)


@app.route("/person")
def person():
    facts = {"name": "mei", "email": "mei@example.org", "age": 0, "site": "https://example.org/~mei?a=1&b=2"}
    return render_template("person.html", page_title='mei\'s "facts"', person=facts)


@app.route("/untitled")
def untitled():
    return render_template("person.html", person={})


@app.route("/macro")
def macro():
    greet = get_template_attribute("_macros.html", "greet")
    return greet("<you>")


if __name__ == "__main__":
    app.run(port=int(os.environ["PORT"]))
