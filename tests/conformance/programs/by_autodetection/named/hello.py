from flask import Flask

first = Flask("first")
second = Flask("second")


@first.route("/")
def where():
    return "first of hello"


@second.route("/")
def where_else():
    return "second of hello"
