import json
import os
from urllib.parse import parse_qs

from flask import Flask, request

app = Flask(__name__)


@app.route("/kinds", methods=["GET", "POST"])
def kinds():
    names = ["data", "form", "args", "query_string", "cookies", "headers", "method", "url", "files"]
    return "\n".join(name + " " + type(getattr(request, name)).__name__ for name in names)


@app.route("/qs")
def qs():
    print(request.query_string)
    print(parse_qs(request.query_string.decode()))
    print(request.args)
    print(request.args["user"], request.args.get("age"), request.args.get("none"))
    print(request.args.getlist("fav"))
    return "ok"


@app.route("/form1", methods=["post"])
def form1():
    print(request.form)
    print(request.form.get("username"), request.form.getlist("fav"))
    print(request.files)
    print(request.files.get("avatar"))
    print(request.files.getlist("avatar"))
    return "ok"


@app.route("/data", methods=["post", "put"])
def data():
    if request.is_json:
        print(request.json)
        print(request.json.get("username"))
    print(request.data)
    print(json.loads(request.data))
    return "ok"


@app.route("/strict", methods=["POST"])
def strict():
    return str(request.json)


@app.route("/file", methods=["post", "put", "patch"])
def file():
    avatar = request.files.get("avatar")
    avatar.save("./avatar.png")
    return "ok"


@app.route("/header")
def header():
    print(request.headers)
    print(request.headers.get("Company"), request.headers.get("company"))
    print(request.user_agent)
    print(request.host)
    print(request.content_type)
    print(request.path)
    print(request.url)
    print(request.base_url)
    print(request.root_url)
    print(request.url_root)
    print(request.host_url)
    print(request.method)
    print(request.remote_addr)
    print(request.server)
    print(request.scheme, request.is_secure, request.script_root == "")
    environ = request.environ
    for key in sorted(environ):
        if key.startswith(
            ("HTTP_", "REQUEST_", "SERVER_P", "SERVER_N", "PATH", "QUERY", "SCRIPT", "CONTENT", "wsgi.ve", "wsgi.ur")
        ):
            print(key, environ[key])
    return "ok"


if __name__ == "__main__":
    app.run(port=int(os.environ["PORT"]))
