import os

from flask import Flask, abort, render_template_string

app = Flask(__name__)


@app.route("/secret")
def secret():
    abort(401)
    print("nobody comes here")


if os.environ.get("HANDLER"):

    @app.errorhandler(401)
    def unauthorized(error):
        page = render_template_string("<h1> Stop </h1><h2>{{ reason }}</h2>", reason=error)
        return (page, 401) if os.environ["HANDLER"] == "with status" else page


if __name__ == "__main__":
    app.run(port=int(os.environ["PORT"]))
