import os
from urllib.parse import urljoin, urlparse

from flask import Flask, redirect, request, url_for

app = Flask(__name__)


@app.route("/hello")
def hello():
    return "home again"


@app.route("/foo")
def foo():
    return '<h1>Foo</h1><a href="%s">Work</a>' % url_for("do_something")


@app.route("/bar")
def bar():
    return '<h1>Bar</h1><a href="%s">Work</a>' % url_for("do_something", next=request.full_path)


@app.route("/do_something")
def do_something():
    return redirect_back()


@app.route("/referrer")
def by_referrer():
    return redirect(request.referrer)


@app.route("/referrer/or")
def by_referrer_or():
    return redirect(request.referrer or url_for("hello"))


def careless_redirect_back(default="hello", **kwargs):
    for target in request.args.get("next"), request.referrer:
        if target:
            redirect(target)
    return redirect(url_for(default, **kwargs))


@app.route("/careless")
def careless():
    return careless_redirect_back()


def is_safe_url(target):
    ref_url = urlparse(request.host_url)
    test_url = urlparse(urljoin(request.host_url, target))
    return test_url.scheme in ("http", "https") and ref_url.netloc == test_url.netloc


def redirect_back(default="hello", **kwargs):
    for target in request.args.get("next"), request.referrer:
        if not target:
            continue
        if is_safe_url(target):
            return redirect(target)
    return redirect(url_for(default, **kwargs))


if __name__ == "__main__":
    app.run(port=int(os.environ["PORT"]))
