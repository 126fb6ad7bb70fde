import os

import click
from flask import Flask

app = Flask(__name__)


@app.route("/")
def values():
    return " ".join(os.environ.get(name, "-") for name in ("COLOUR", "SIZE", "SHAPE"))


@app.cli.command()
def values_too():
    click.echo(values())


if __name__ == "__main__":
    app.run(port=int(os.environ["PORT"]))
