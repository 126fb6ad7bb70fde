import os

from flask import Flask, url_for
from werkzeug.routing.converters import BaseConverter

app = Flask(__name__)


class RegexConverter(BaseConverter):
    def __init__(self, map, *args):
        super().__init__(map)
        self.regex = args[0]


app.url_map.converters["re"] = RegexConverter


@app.route(r"/sms/<re('1[3-9]\d{9}'):mobile>")
def sms(mobile):
    return f"短信发往：{mobile}"


@app.route("/goods/<re('\d+'):id>")
def goods(id):
    return f"第{id}件 " + url_for("sms", mobile="13900000000")


if __name__ == "__main__":
    app.run(port=int(os.environ["PORT"]))
