import os
import random

from flask import Flask, jsonify, render_template
from jinja2.utils import generate_lorem_ipsum

app = Flask(__name__)
remarks = ["first", "<second>"]


@app.route("/remarks")
def all_remarks():
    return render_template("remarks.html", remarks=remarks)


@app.route("/profile/<int:number>")
def profile(number):
    return jsonify(username="mei", bio="writes “tests”", number=number)


@app.route("/remarks/<int:number>", methods=["DELETE"])
def delete_remark(number):
    del remarks[number - 1]
    return "", 204


@app.route("/post")
def show_post():
    random.seed(7)
    post_body = generate_lorem_ipsum(n=2)
    return (
        """
<h1>A long story</h1>
<div class="body">%s</div>
<button id="load">More</button>
<script>fetch('/more')</script>"""
        % post_body
    )


@app.route("/more")
def more():
    random.seed(8)
    return generate_lorem_ipsum(n=1, html=False)


if __name__ == "__main__":
    app.run(port=int(os.environ["PORT"]))
