import json
import os

from flask import Flask, Response, jsonify, make_response, redirect

app = Flask(__name__)
PIXEL = bytes.fromhex("89504e470d0a1a0a") + bytes(range(256))


@app.route("/response")
def response():
    answer = Response("<h1>built by hand</h1>", 201)
    print(answer)
    return answer


@app.route("/made")
def made():
    answer = make_response("<h1>made</h1>", 201)
    print(answer, type(answer))
    return answer


@app.route("/tuple")
def pair():
    return "<h1>a tuple</h1>", 400


@app.route("/jsonify")
def jsonified():
    return jsonify({"name": "mei", "age": 16, "城市": "北京"})


@app.route("/jsonify/list")
def jsonified_list():
    return jsonify([{"id": 1}, {"id": 2}])


@app.route("/jsonify/arguments")
def jsonified_arguments():
    return jsonify(2, "two", None, True, 2.0)


@app.route("/dict")
def dictionary():
    return {"name": "mei", "age": 16}


@app.route("/list")
def listed():
    return [1, "2", {"drei": 3.5}]


@app.route("/dumped")
def dumped():
    return json.dumps({"name": "mei", "age": 16}), 200, {"Content-Type": "application/json"}


@app.route("/dumped/response")
def dumped_response():
    return Response(json.dumps({"name": "mei"}), 200, {"Content-Type": "application/json"})


@app.route("/image")
def image():
    return PIXEL, 200, {"Content-Type": "image/png"}


@app.route("/away")
def away():
    return Response("", 302, {"Location": "https://www.example.org"})


@app.route("/away/redirect")
def away_redirect():
    return redirect("https://www.example.com/?a=1&b=ü", 302)


@app.route("/away/301")
def away_for_good():
    return redirect("/made", code=301)


@app.route("/header")
def header():
    return "with a header", 201, {"Company": "example.edu", "x-small": "1"}


@app.route("/header/list")
def header_list():
    return "with headers", [("X-Two", "1"), ("X-Two", "2")]


@app.route("/status/<int:code>")
def status(code):
    return "status", code


@app.route("/status/text")
def status_text():
    return "status", "299 Quite Fine"


@app.route("/generator")
def generator():
    def parts():
        yield "one "
        yield "two "
        yield "三"

    return Response(parts(), mimetype="text/plain")


if __name__ == "__main__":
    app.run(port=int(os.environ["PORT"]))
