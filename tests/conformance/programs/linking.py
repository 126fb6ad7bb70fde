import os

from flask import Flask, redirect, url_for

app = Flask(__name__)


@app.route("/")
def home():
    return "home"


@app.route("/user/<name>")
def user(name):
    return name


@app.route("/page/<int:num>")
def page(num):
    return str(num)


@app.route("/test")
def test():
    print(url_for("home"))
    print(url_for("user", name="mei"))
    print(url_for("page", num=1, q="rust hyper 10%3"))
    print(url_for("static", filename="uploads/07.jpg"))
    return "printed"


@app.route("/test1")
def test1():
    print("this is test1")
    return redirect(url_for("test2"))


@app.route("/test2")
def test2():
    print("this is test2")
    return "here is test2"


if __name__ == "__main__":
    app.run(port=int(os.environ["PORT"]))
