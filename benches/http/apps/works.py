"""An ordinary application with one view for each kind of work a view does. It runs unchanged on any implementation."""

from __future__ import annotations

import sys
from collections.abc import Iterator

from flask import (
    Blueprint,
    Flask,
    Response,
    abort,
    jsonify,
    make_response,
    render_template,
    request,
    session,
    url_for,
)

app = Flask(__name__)
app.secret_key = "measured"


@app.get("/which/<name>")
def which(name: str) -> str:
    """Answer with 404 when `flask` is not the one that is named."""
    if name != ("ferroflask" if "ferroflask._core" in sys.modules else "flask"):
        abort(404)
    return name


@app.route("/")
def hello() -> str:
    return "Hello, World!"


@app.route("/greet/<name>")
def greet(name: str) -> str:
    return f"<p>Good morning, {name}.</p>"


@app.route("/page/<int:number>")
def page(number: int) -> str:
    return f"page {number}"


@app.route("/search")
def search() -> str:
    words = request.args.get("q", "")
    return f"{words} in {', '.join(request.args.getlist('shelf'))}"


@app.route("/json")
def as_json() -> Response:
    book = {"title": "Rust and iron", "pages": 321, "tags": ["red", "old", "heavy"]}
    return jsonify({**book, "price": {"net": 12.5, "tax": None, "open": True}})


@app.route("/add", methods=["POST"])
def add() -> Response:
    numbers = request.json
    return jsonify({"sum": numbers["a"] + numbers["b"]})


@app.route("/register", methods=["POST"])
def register() -> str:
    return f"{request.form['name']} of {request.form.get('town', default='nowhere')}"


@app.route("/log-in")
def log_in() -> str:
    session["reader"] = "ada"
    session["visits"] = 1
    return "in"


@app.route("/stay")
def stay() -> str:
    """Fill a permanent session with what an extension for logging in keeps there."""
    session.permanent = True
    session.update(reader="ada", _user_id="17", _fresh=True, _id="9f8e7d6c5b4a39281706f5e4d3c2b1a0" * 4)
    session["csrf_token"] = "3b9ac9ff2d6e01a5847c"
    return "in"


@app.route("/visits")
def visits() -> str:
    session["visits"] = session.get("visits", 0) + 1
    return f"visit {session['visits']}"


@app.route("/reader")
def reader() -> str:
    return str(session.get("reader", "nobody"))


@app.route("/card")
def card() -> str:
    book = {"title": "Rust & iron", "author": "Ada Smith", "pages": 321, "note": "<none>"}
    return render_template("card.html", heading="Ada's book", book=book)


@app.route("/links")
def links() -> str:
    return " ".join(
        [
            url_for("hello"),
            url_for("greet", name="ada"),
            url_for("page", number=2, q="rust & iron 10%"),
            url_for("static", filename="covers/01.jpg"),
        ]
    )


@app.route("/theme")
def theme() -> Response:
    response = make_response(f"was {request.cookies.get('theme', '')}")
    response.set_cookie("theme", "dark", max_age=3600)
    return response


@app.route("/upload", methods=["POST"])
def upload() -> str:
    return str(len(request.files["image"].read()))


@app.route("/stream")
def stream() -> Response:
    def lines() -> Iterator[str]:
        for number in range(10):
            yield f"{number}: {'x' * 1000}\n"

    return Response(lines(), mimetype="text/plain")


shelf = Blueprint("shelf", __name__, url_prefix="/shelf")


@shelf.route("/list")
def shelf_list() -> str:
    return "empty"


def one_of_many(number: int, name: str) -> str:
    return f"{number} {name}"


app.register_blueprint(shelf)
for count in range(200):
    app.add_url_rule(f"/r{count}/<int:number>/x/<name>", f"r{count}", one_of_many)
