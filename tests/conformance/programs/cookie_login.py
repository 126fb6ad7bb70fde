import os

from flask import Flask, make_response, redirect, request, url_for

app = Flask(__name__)


@app.route("/set")
def set_cookies():
    response = make_response("baked")
    response.set_cookie("user_id", "100")
    response.set_cookie("username", "mei", 3600)
    response.set_cookie("data", "short lived", max_age=30)
    return response


@app.route("/get")
def get_cookies():
    print(request.cookies.get("user_id"))
    print(request.cookies.get("username"))
    print(request.cookies.get("nothing"))
    return str(sorted(request.cookies.items()))


@app.route("/delete")
def delete():
    response = make_response("eaten")
    response.set_cookie("user_id", "", max_age=0)
    response.delete_cookie("username")
    return response


@app.route("/fancy")
def fancy():
    response = make_response("fancy")
    response.set_cookie("a", 'é;,"x', httponly=True, secure=True, samesite="Lax", path="/fancy", domain="example.org")
    response.set_cookie("b", "", partitioned=True, secure=True)
    return response


@app.route("/login", methods=["get", "post"])
def login():
    if request.method == "GET":
        return '<form method="post"><input name="username"><input name="password" type="password"></form>'
    if request.form.get("username") == "root" and request.form.get("password") == "123456":
        response = make_response("你好，可以进来了！")
        response.set_cookie("user_id", "1", max_age=7200)
        response.set_cookie("username", "root", max_age=7200)
        return response
    return redirect(url_for("login"))


@app.route("/user")
def user():
    if not request.cookies.get("user_id"):
        return redirect(url_for("login"))
    return "只给 " + request.cookies.get("username") + " 看"


if __name__ == "__main__":
    app.run(port=int(os.environ["PORT"]))
