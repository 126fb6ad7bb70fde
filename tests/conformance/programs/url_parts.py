import os

from flask import Flask

app = Flask(__name__)


@app.route("/user/<username>")
def user(username):
    print(username)
    print(type(username))
    return "dear " + username


@app.route("/user/<username>/friends")
def friends(username):
    return "Dear {}. These people like you.".format(username)


@app.route("/page/<int:num>")
def page(num):
    print(num)
    print(type(num))
    return "page " + str(num)


@app.route("/page/<int:num1>-<int:num2>")
def pages(num1, num2):
    print(num1)
    print(num2)
    return "pages {} to {}".format(num1, num2)


@app.route("/weight/<float:kilos>")
def weight(kilos):
    return repr(kilos)


@app.route("/files/<path:name>")
def files(name):
    return name


if __name__ == "__main__":
    app.run(port=int(os.environ["PORT"]))
