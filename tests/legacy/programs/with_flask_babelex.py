"""A small program for flask_babelex, as its documentation of the time has it."""

from datetime import date

from flask import Flask, render_template_string, request
from flask_babelex import Babel, get_locale

app = Flask(__name__)
babel = Babel(app, default_locale="en")


@babel.localeselector
def sel():
    return request.args.get("l", "en")


@app.route("/")
def i():
    return render_template_string("{{ _('Hello') }} {{ d|dateformat }}", d=date(2020, 1, 2)) + str(get_locale())


c = app.test_client()
assert c.get("/").text == "Hello Jan 2, 2020en"
assert c.get("/?l=de").text == "Hello 02.01.2020de"
