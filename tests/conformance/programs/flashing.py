import os
from datetime import timedelta

from flask import Flask, flash, get_flashed_messages, render_template_string

app = Flask(__name__)
app.secret_key = "some_secret"
if "YEARS" in os.environ:
    app.permanent_session_lifetime = timedelta(days=365 * int(os.environ["YEARS"]))
# A clock would give every run other cookies.
moments = iter([1404020982.83, 1404021130.32, 1404022326.39, 1404022400.5])


@app.route("/gen")
def gen():
    info = "access at " + next(moments).__str__()
    flash(info)
    return info


@app.route("/gen_both")
def gen_both():
    info = "access at " + next(moments).__str__()
    flash("show1 " + info, category="show1")
    flash("show2 " + info, category="show2")
    return info


@app.route("/show1")
def show1():
    return get_flashed_messages(category_filter="show1").__str__()


@app.route("/show2")
def show2():
    return get_flashed_messages(category_filter=["show2"], with_categories=True).__str__()


@app.route("/show")
def show():
    return get_flashed_messages().__str__()


@app.route("/twice")
def twice():
    return str(get_flashed_messages()) + str(get_flashed_messages())


@app.route("/page")
def page():
    return render_template_string(
        "{% with messages = get_flashed_messages(with_categories=true) %}{% for category, message in messages %}"
        "<li class={{ category }}>{{ message }}</li>{% endfor %}{% endwith %}"
    )


if __name__ == "__main__":
    app.run(port=int(os.environ["PORT"]))
