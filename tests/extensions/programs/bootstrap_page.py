from pathlib import Path

from flask import Flask, flash, render_template_string, request
from flask_bootstrap import Bootstrap

PAGE = """{% extends "bootstrap/base.html" %}{% import "bootstrap/utils.html" as utils %}{% block title %}{{ title }}{% endblock %}
{% block navbar %}<nav class="navbar">{{ utils.icon("heart") }}</nav>{% endblock %}
{% block content %}{{ utils.flashed_messages() }}<h1 class="{{ size|bootstrap_is_hidden_field if 0 else 'big' }}">{{ name }}</h1>{% endblock %}"""
FORM = """{% extends "bootstrap/base.html" %}{% import "bootstrap/wtf.html" as wtf %}{% block content %}{{ wtf.quick_form(form) }}{% endblock %}"""
ERRORS = """{% import "bootstrap/fixes.html" as fixes %}{{ fixes.ie8() }} {{ bootstrap_find_resource("css/bootstrap.css", cdn="bootstrap") }}"""


def make_app(folder: Path) -> Flask:
    app = Flask("page")
    app.config.update(SECRET_KEY="page-secret", WTF_CSRF_ENABLED=False)
    Bootstrap(app)

    @app.get("/")
    def page():
        for kind in ("info", "danger"):
            flash(f"a {kind} <message>", kind)
        return render_template_string(PAGE, title="Über", name="<Ada>")

    @app.get("/resource")
    def resource():
        return render_template_string(ERRORS)

    @app.route("/form", methods=["GET", "POST"])
    def form():
        from flask_wtf import FlaskForm
        from wtforms import BooleanField, StringField, SubmitField
        from wtforms.validators import DataRequired, Length

        class Name(FlaskForm):
            name = StringField("Name", validators=[DataRequired(), Length(max=5)], description="short")
            sure = BooleanField("Sure?")
            send = SubmitField("Send")

        filled = Name()
        if filled.validate_on_submit():
            return f"got {filled.name.data} {filled.sure.data}"
        return render_template_string(FORM, form=filled), 200 if request.method == "GET" else 422

    return app
