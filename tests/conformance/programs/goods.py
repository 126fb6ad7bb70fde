import os

from flask import Flask

app = Flask(__name__)
app.config.update({"DEBUG": False, "SHOP": "corner"})


@app.route(rule="/", methods=["get", "post"])
def index():
    print(app.config["DEBUG"], app.config["SHOP"], app.debug)
    return "<h1>the corner shop</h1>"


@app.route("/goods/<cid>/<gid>")
def goods(gid, cid):
    print(gid, type(gid))
    return f"架子={cid},货号={gid}"


@app.route("/exact/<float:cid>/<uuid:gid>")
def exact(cid, gid):
    print(cid, type(cid))
    print(gid, type(gid))
    return f"架子={cid},货号={gid}"


@app.route("/text/<string(length=4):code>")
def code(code):
    return code


@app.route("/tree/<path:where>")
def tree(where):
    return where


@app.route("/word/<any(tea, rice):kind>")
def kind(kind):
    return kind


try:

    @app.route("/again", endpoint="kind")
    def another():
        return "never"

except AssertionError as error:
    print(error)


if __name__ == "__main__":
    app.run(host="127.0.0.1", port=int(os.environ["PORT"]))
