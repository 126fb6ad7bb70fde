"""Matches and builds with converters whose text has no UTF-8, is no text, or has a slash."""

import logging

from flask import Flask, request, url_for
from werkzeug.routing import BaseConverter


def show(label, ask):
    try:
        found = ask()
    except Exception as error:
        found = f"{type(error).__name__}: {error!s:.150}"
    print(label, ascii(found))


def make(text):
    class Both(BaseConverter):
        def to_python(self, value):
            return text

        def to_url(self, value):
            return text

    class Wide(Both):
        regex = ".*?"
        part_isolating = False

    class Reads(BaseConverter):
        def to_python(self, value):
            return text

    class Number(BaseConverter):
        def to_url(self, value):
            return 5

    app = Flask("someones_app")
    app.logger.disabled = True
    app.url_map.converters.update(both=Both, wide=Wide, reads=Reads, number=Number)
    for rule in ("/both/<both:x>/e", "/wide/<wide:x>/e", "/reads/<reads:x>", "/number/<number:x>", "/slash/<both:x>/"):
        app.add_url_rule(rule, rule.split("/")[1], lambda x: ascii((x, request.view_args, request.url, request.path)))
    app.add_url_rule("/default/", "default", lambda x: ascii(x), defaults={"x": text})
    app.add_url_rule("/default/<both:x>", "default")
    app.add_url_rule("/build/<x>", "build", lambda x: url_for(request.args["of"], x=text, q=text))
    return app


logging.disable()
for text in ("\udcff", "a\ud800b", "ok", "é", "a/b"):
    app = make(text)
    client = app.test_client()
    for of in ("both", "wide", "reads", "number", "slash", "default"):
        with app.test_request_context("/"):
            show(f"build {of}", lambda: url_for(of, x=text))
            show(f"build {of} with a query", lambda: url_for(of, x="z", y=text))
            show(f"build {of} with an anchor", lambda: url_for(of, x="z", _anchor=text))
            show(f"build {of} outside", lambda: url_for(of, x="z", _external=True))
        show(f"adapter {of}", lambda: app.url_map.bind("h").build(of, {"x": text}))
        show(f"view {of}", lambda: client.get(f"/build/z?of={of}").text)
    for path in ("/both/z/e", "/wide/z/e", "/reads/z", "/number/z", "/slash/z", "/slash/z/", "/default/z", "/default/"):

        def get():
            answer = client.get(path)
            return answer.status_code, answer.text, answer.headers.get("Location")

        show(f"get {path}", get)
        show(f"match {path}", lambda: app.url_map.bind("h").match(path))
