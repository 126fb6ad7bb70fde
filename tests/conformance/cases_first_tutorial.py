"""The earliest tutorial (Flask 0.10)."""

from __future__ import annotations

from .harness.scenario import Scenario
from .harness.steps import ask, get, post

TODAYS_ESCAPE = ("url_for, escape, request", "url_for, request; from markupsafe import escape")

SCENARIOS = (
    Scenario(
        "first steps",
        "first_steps",
        rows=("tutorial-2", "tutorial-5", "tutorial-6"),
        prints=("POST\nmei\nGET\n",),
        complains=("TypeError: The view function for 'read_cookie' did not return a valid response.",),
        steps=(
            get("tutorial-1", "/hello/mei", 200, holds="  <h1>Good day mei!</h1>"),
            get("tutorial-1", "/hello/%3Cb%3E", 200, holds="<h1>Good day &lt;b&gt;!</h1>"),
            get("tutorial-1", "/hello/", 200, holds="<h1>Good day, all of you!</h1>"),
            get("tutorial-1", "/hello", 308),
            post("tutorial-2", "/test", [("username", "mei")], 200, "sent back"),
            get("tutorial-2", "/test", 400),
            get("tutorial-3", "/json", 200, '{"a":[1.5,null],"b":1,"result":"good day"}\n'),
            get("tutorial-3", "/json/list", 200, "[1,2,3]\n", sends={"Content-Type": "application/json"}),
            get(
                "tutorial-3",
                "/json/dumps",
                200,
                '{"result": "good day"}',
                sends={"Content-Type": "text/html; charset=utf-8"},
            ),
            get("tutorial-4", "/style", 200, "/static/style.css"),
            get("tutorial-4", "/static/style.css", 200, "h1 { color: navy; }\n"),
            ask("tutorial-4", "HEAD", "/static/style.css", 200, b""),
            get("tutorial-4", "/static/style.css", 206, "h1 {", headers=(("Range", "bytes=0-3"),)),
            get("tutorial-4", "/static/style.css", 416, headers=(("Range", "bytes=900-"),)),
            get(
                "tutorial-4",
                "/static/style.css",
                304,
                b"",
                headers=(("If-Modified-Since", "Tue, 14 Nov 2023 22:13:20 GMT"),),
            ),
            get("tutorial-4", "/static/../app.py", 404),
            get("tutorial-4", "/static/none.css", 404),
            get("tutorial-5", "/read-cookie", 500, holds="<h1>Internal Server Error</h1>"),
            get("tutorial-6", "/write-cookie", 200, sends={"Set-Cookie": 'username="the whole name"; Path=/'}),
            get("tutorial-6", "/whoami", 200, "the whole name"),
            get("tutorial-6", "/write-cookie/unfinished", 500),
        ),
    ),
    Scenario(
        "login as it was once written",
        "old_login.py",
        rows=("tutorial-7",),
        secret="B1Zr27k/3yX S~XHH!kmO]LXY/,?RU",
        stock_edits=(("old_login.py", *TODAYS_ESCAPE),),
        ours_warns="markupsafe.escape",
        steps=(
            get("tutorial-7", "/", 200, "You have not come in"),
            get("tutorial-7", "/login", 200, holds="''\n        <form"),
            post("tutorial-7", "/login", [("username", "<mei>")], 302, sends={"Location": "/", "Vary": "Cookie"}),
            get("tutorial-7", "/", 200, "You came in as &lt;mei&gt;"),
            get("tutorial-7", "/logout", 302, sends={"Location": "/"}),
            get("tutorial-7", "/", 200, "You have not come in"),
        ),
    ),
    Scenario(
        "markup as it was once imported",
        "old_markup.py",
        rows=("tutorial-7",),
        stock_edits=(("old_markup.py", "from flask", "from markupsafe"),),
        ours_warns="markupsafe.Markup",
        prints=("<b>&lt;i&gt;</b>\nmarkupsafe\n",),
    ),
    Scenario(
        "a random secret",
        "random_secret.py",
        rows=("tutorial-8",),
        prints=("24 <class 'bytes'>\n",),
        steps=(get("tutorial-8", "/", 200, "1"), get("tutorial-8", "/", 200, "2"), get("tutorial-8", "/", 200, "3")),
    ),
)
