from flask import Blueprint, make_response, render_template, request

blue = Blueprint("people", __name__, url_prefix="/people")


@blue.route("/login", methods=["post", "get"])
def login():
    name = request.values.get("name", "<b>")
    note = "a & b"
    return render_template("user/login", **locals())


@blue.route("/login.html")
def login_page():
    name = request.values.get("name", "<b>")
    note = "a & b"
    return render_template("user/login.html", **locals())


@blue.route("/remember")
def remember():
    response = make_response("remembered")
    response.set_cookie("username", "mei", max_age=60)
    return response


@blue.route("/forget")
def forget():
    response = make_response("forgotten")
    response.delete_cookie("username")
    return response


@blue.route("/who")
def who():
    return str(request.cookies.get("username"))
