"""What the era switch changes in URLs and in test clients: queries of `url_for`, redirects, nested `with` blocks.

The texts of an era are what Flask of that name printed with its Werkzeug.
"""

from __future__ import annotations

import typing as t

import pytest
from flask import Flask, redirect, render_template_string, request, url_for

QUERY = "!\"#$%&'()*+,-./0:;<=>?@[\\]^_`{|}~ é"


def make(era: str | None) -> Flask:
    app = Flask("someones_app")
    app.config["FERROFLASK_ERA"] = era

    @app.get("/p/<path:x>")
    def page(x: str) -> str:
        return request.url

    @app.get("/to")
    def to() -> t.Any:
        return redirect(request.args["url"])

    @app.post("/json")
    def json() -> str:
        return repr(request.get_json(silent="silent" in request.args))

    return app


QUERIES = {
    None: "!%22%23$%25%26'()*%2B,-./0:;%3C%3D%3E?@%5B%5C%5D%5E_%60%7B%7C%7D~+%C3%A9",
    "2.1": "!%22%23$%25%26'()*%2B,-.%2F0%3A;%3C%3D%3E%3F%40%5B%5C%5D%5E_%60%7B%7C%7D~+%C3%A9",
    "1.1": "%21%22%23%24%25%26%27%28%29%2A%2B%2C-.%2F0%3A%3B%3C%3D%3E%3F%40%5B%5C%5D%5E_%60%7B%7C%7D~+%C3%A9",
}
QUERIES["1.0"] = QUERIES["1.1"]


@pytest.mark.parametrize("era", QUERIES)
def test_url_for_quotes_in_queries_what_it_quoted_then(era: str | None) -> None:
    app = make(era)
    query = QUERIES[era]
    with app.test_request_context():
        assert url_for("page", x="a/b", q=QUERY) == f"/p/a/b?q={query}"
        assert url_for("page", x="a", **{QUERY: 1}) == f"/p/a?{query}=1"
        assert url_for("page", x="a", q=QUERY, _external=True) == f"http://localhost/p/a?q={query}"
        assert url_for("page", x="a", _anchor="b?c/d") == "/p/a#b?c/d"
        assert render_template_string("{{ url_for('page', x='a', q=q) | safe }}", q=QUERY) == f"/p/a?q={query}"
        assert url_for("page", x="a") == "/p/a"


def test_an_environment_made_before_the_switch_is_changed_too() -> None:
    app = make(None)
    assert app.jinja_env
    app.config["FERROFLASK_ERA"] = "2.1"
    with app.test_request_context():
        assert render_template_string("{{ url_for('page', x='a', q='/') }}") == "/p/a?q=%2F"


LOCATIONS = [
    # Given, today, 2.1, 1.1.
    ("/x?", "/x", "/x?", "http://localhost/x"),
    ("/x?#", "/x", "/x?#", "http://localhost/x"),
    ("http://h/x?", "http://h/x", "http://h/x?", "http://h/x"),
    ("/x?a|b", "/x?a%7Cb", "/x?a|b", None),
    ("/x y?a b", "/x%20y?a%20b", "/x%20y?a%20b", "http://localhost/x%20y?a%20b"),
    ("/é?", "/%C3%A9", "/%C3%A9", "http://localhost/%C3%A9"),
    ("/x?a=b/c?d", "/x?a=b/c?d", "/x?a=b/c?d", "http://localhost/x?a=b/c?d"),
]


@pytest.mark.parametrize(("given", "today", "then", "long_ago"), LOCATIONS)
def test_where_a_redirect_leads(given: str, today: str, then: str, long_ago: str | None) -> None:
    for era, location in ((None, today), ("2.1", then), ("1.1", long_ago)):
        app = make(era)
        answer = app.test_client().get("/to", query_string={"url": given})
        if location is not None:
            assert answer.headers["Location"] == location
        with app.test_request_context():
            assert type(redirect(given)).__name__ == "Response"


def test_json_of_another_type_is_a_bad_request() -> None:
    for era, status in ((None, 415), ("2.1", 400), ("1.1", 200)):
        client = make(era).test_client()
        assert client.post("/json", data="a=1").status_code == status
        assert client.post("/json?silent=1", data="a=1").text == "None"
        assert client.post("/json", data="{", content_type="application/json").status_code == 400
        assert client.post("/json", json=[1]).text == "[1]"


@pytest.mark.parametrize("era", ["2.1", "1.1", "1.0"])
def test_clients_in_with_blocks_may_be_nested(era: str) -> None:
    app = make(era)
    one, other = app.test_client(), app.test_client()
    seen = []
    with one:
        one.get("/p/1")
        seen.append(request.path)
        with other:
            for client, path in ((other, "/p/2"), (one, "/p/3"), (other, "/p/4")):
                client.get(path)
                seen.append(request.path)
        seen.append(request and request.path)
        one.get("/p/5")
        seen.append(request.path)
    assert [str(each) for each in seen[:4]] == ["/p/1", "/p/2", "/p/3", "/p/4"]
    assert not seen[4]
    assert seen[5] == "/p/5"
    assert not request


def test_clients_in_with_blocks_may_be_left_in_any_order() -> None:
    app = make("2.1")
    one, other = app.test_client().__enter__(), app.test_client().__enter__()
    one.get("/p/1")
    other.get("/p/2")
    assert request.path == "/p/2"
    one.__exit__(None, None, None)
    assert not request
    other.__exit__(None, None, None)
