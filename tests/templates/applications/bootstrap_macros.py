"""An application that shows every macro of Bootstrap-Flask, with each of its versions of Bootstrap."""

import os
from pathlib import Path

from flask import Flask, flash, render_template_string, request
from flask_bootstrap import Bootstrap4, Bootstrap5
from flask_wtf import CSRFProtect, FlaskForm
from wtforms import BooleanField, DateField, FileField, FormField, PasswordField, RadioField, SelectField, StringField
from wtforms import SubmitField, TextAreaField
from wtforms.validators import DataRequired, Length

MACROS = """{% from folder + "/form.html" import render_form, render_field, render_form_row, render_hidden_errors %}
{% from folder + "/table.html" import render_table %}
{% from folder + "/pagination.html" import render_pagination, render_pager %}
{% from folder + "/nav.html" import render_nav_item, render_breadcrumb_item %}
{% from folder + "/utils.html" import render_icon, render_messages %}"""
FORM = (
    MACROS
    + """{{ render_form(form, form_type=kind, novalidate=true, extra_classes="<x>") }}
{{ render_field(form.name) }}{{ render_form_row([form.name, form.sure]) }}{{ render_hidden_errors(form) }}"""
)
TABLE = (
    MACROS
    + """{{ render_table(rows, titles, caption="<caption>", show_actions=true, view_url=("row", [("key", ":id")]),
    edit_url=("row", [("key", ":id")]), delete_url=("row", [("key", ":id")]), responsive=true) }}"""
)
PAGES = (
    MACROS
    + """{{ render_messages(dismissible=true) }}{{ render_icon("heart", "2em", "red") }}
{{ render_pagination(pages) }}{{ render_pager(pages, prev="<", next=">"|e) }}
{{ render_nav_item("home", "<Home>", badge=3) }}{{ render_breadcrumb_item("home", "Home") }}
{{ bootstrap.load_css() }}{{ bootstrap.load_js() }}"""
)


class Part(FlaskForm):
    street = StringField("Street <1>")


class Everything(FlaskForm):
    name = StringField("Name", validators=[DataRequired(), Length(max=5)], description="short <&>")
    word = PasswordField("Word")
    text = TextAreaField("Text")
    day = DateField("Day")
    kind = SelectField("Kind", choices=[("a", "<A>"), ("b", "B")])
    one = RadioField("One", choices=[("1", "One"), ("2", "Two")])
    file = FileField("File")
    part = FormField(Part)
    sure = BooleanField("Sure?")
    send = SubmitField("Send")


class Pages:
    """What the macros read of a pagination."""

    has_prev, has_next, page, pages, prev_num, next_num, per_page = True, True, 2, 9, 1, 3, 10

    def iter_pages(self, **limits: int) -> list:
        return [1, 2, 3, None, 8, 9]


def make_app(folder: Path) -> Flask:
    app = Flask("macros")
    version = int(os.environ.get("TEMPLATES_BOOTSTRAP", "4"))
    app.config.update(SECRET_KEY="macros-secret", WTF_CSRF_ENABLED=False)
    {4: Bootstrap4, 5: Bootstrap5}[version](app)
    CSRFProtect(app)  # the form that deletes a row wants its token
    place = f"bootstrap{version}"

    @app.get("/")
    def home():
        for kind in ("info", "danger", "message"):
            flash(f"a {kind} <message>", kind)
        return render_template_string(PAGES, folder=place, pages=Pages())

    @app.route("/form/<kind>", methods=["GET", "POST"])
    def form(kind):
        filled = Everything()
        filled.validate_on_submit()
        return render_template_string(FORM, folder=place, form=filled, kind=kind)

    @app.get("/rows/<key>")
    def row(key):
        return key + request.path

    @app.get("/table")
    def table():
        rows = [{"id": number, "name": f"<{number}>"} for number in range(3)]
        return render_template_string(TABLE, folder=place, rows=rows, titles=[("id", "#"), ("name", "<Name>")])

    return app
