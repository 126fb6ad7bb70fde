import click
from flask import Flask, request

app = Flask(__name__)
colors = ["blue", "white", "red"]


@app.route("/")
def index():
    return "<h1>Good morning, reader!</h1>"


@app.route("/hi")
@app.route("/hello")
def say_hello():
    name = request.args.get("name", "Flask")
    return "<h1>Good day, %s!<h1>" % name


@app.route("/strict")
def strict():
    return request.args["name"]


@app.route("/greet", defaults={"name": "Coder"})
@app.route("/greet/<name>")
def greet(name):
    return "<h1>Good day, %s!</h1>" % name


@app.route("/wave")
@app.route("/wave/<name>")
def wave(name="Coder"):
    return "<h1>Good day, %s!</h1>" % name


@app.route("/both", methods=["GET", "POST"])
def both():
    return request.method


@app.route("/post", methods=["POST"])
def only_post():
    return request.method


@app.route("/goback/<int:year>")
def go_back(year):
    return "<p>The year is %d!</p>" % (2026 - year)


@app.route("/colors/<any(blue, white, red):color>")
def three_colors(color):
    return "<p>%s</p>" % color


@app.route("/quoted/<any(%s):color>" % str(colors)[1:-1])
def quoted_colors(color):
    return "<p>%s</p>" % color


@app.route("/unfinished/<any(blue, white, red):color>")
def unfinished(color): ...


@app.route("/created")
def created():
    return "<h1>made</h1>", 201


@app.cli.command()
def hello():
    """Says something friendly."""
    click.echo("Good day, human!")


@app.cli.command("count")
@click.argument("upto", type=int)
@click.option("--step", default=1, help="how far each time")
def count(upto, step):
    click.echo(" ".join(str(number) for number in range(0, upto, step)))


if __name__ == "__main__":
    import os

    print(app.url_map)
    app.run(port=int(os.environ["PORT"]))
