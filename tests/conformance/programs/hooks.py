import os

import click
from flask import Flask, after_this_request, current_app, g, has_request_context, request

app = Flask(__name__)


@app.before_request
def get_name():
    print("before", sorted(g), request.endpoint)
    g.name = request.args.get("name")
    if g.name == "nobody":
        return "turned away", 403


@app.after_request
def stamp(response):
    print("after", response.status_code)
    response.headers["X-Stamp"] = str(g.get("name"))
    return response


@app.teardown_request
def end_of_request(exception):
    print("teardown request", repr(exception))


@app.teardown_appcontext
def end_of_context(exception):
    print("teardown context", repr(exception))


@app.route("/")
def hello():
    return "Good day, %s" % g.name


@app.route("/g")
def g_methods():
    values = [g.get("missing", 7), g.setdefault("kept", []), "kept" in g, g.pop("name"), g.pop("name", None), repr(g)]
    return str(values)


@app.route("/later")
def later():
    @after_this_request
    def add_header(response):
        response.headers["X-Later"] = "yes"
        return response

    return "later"


@app.route("/fails")
def fails():
    raise ZeroDivisionError("on purpose")


@app.cli.command()
def where():
    click.echo(current_app.name + " " + str(has_request_context()))


if __name__ == "__main__":
    app.run(port=int(os.environ["PORT"]))
