import os

from flask import Flask, url_for
from werkzeug.routing import BaseConverter


class TwiceIntConverter(BaseConverter):
    def __init__(self, url_map):
        super(TwiceIntConverter, self).__init__(url_map)

    def to_python(self, value):
        return int(value)

    def to_url(self, value):
        return value * 2


app = Flask(__name__)
app.url_map.converters["twice"] = TwiceIntConverter


@app.route("/")
def text():
    return url_for("page", num="123")


@app.route("/number")
def number():
    return url_for("page", num=123)


@app.route("/page/<twice:num>")
def page(num):
    print(num)
    print(url_for("page", num="145"))
    return "page " + repr(num)


if __name__ == "__main__":
    app.run(port=int(os.environ["PORT"]))
