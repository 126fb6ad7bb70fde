"""The notes of a book on Flask 1.0: what is served, and what can't be started."""

from __future__ import annotations

from .harness.scenario import Scenario
from .harness.steps import ask, get, post

BUGS = (
    Scenario(
        "body not indented",
        "unindented.py.txt",
        rows=("book-4",),
        exits=1,
        complains=("IndentationError: expected an indented block after function definition",),
    ),
    Scenario(
        "branches not indented",
        "unindented_session.py.txt",
        rows=("book-27",),
        exits=1,
        complains=("IndentationError: expected an indented block after 'if' statement",),
    ),
    Scenario(
        "no body",
        "no_body.py.txt",
        rows=("book-20",),
        exits=1,
        complains=("IndentationError: expected an indented block after function definition",),
    ),
    Scenario(
        "flask run of a file that is no Python",
        "unindented.py.txt",
        rows=("book-4",),
        argv=("-m", "flask", "run", "--port={port}"),
        env={"FLASK_APP": "unindented"},
        exits=1,
        complains=("IndentationError",),
    ),
    Scenario(
        "a rule without its slash",
        "no_slash.py",
        rows=("book-14",),
        exits=1,
        complains=("ValueError: URL rule 'goback/<int:year>' must start with a slash.",),
    ),
    Scenario(
        "an import of Python 2",
        "python2.py",
        rows=("book-35",),
        exits=1,
        complains=("ModuleNotFoundError: No module named 'urlparse'",),
    ),
)

SERVED = (
    Scenario(
        "greetings",
        "greetings.py",
        rows=("book-12",),
        prints=("Map([<Rule '/static/<filename>'", "<Rule '/goback/<year>'"),
        complains=("TypeError: The view function for 'unfinished' did not return a valid response.",),
        steps=(
            get("book-1", "/", 200, "<h1>Good morning, reader!</h1>"),
            get("book-2 book-11", "/hi", 200, "<h1>Good day, Flask!<h1>"),
            get("book-2 book-11", "/hello?name=mei", 200, "<h1>Good day, mei!<h1>"),
            get("book-11", "/strict?name=mei", 200, "mei"),
            get("book-11", "/strict", 400),
            get("book-3", "/greet", 200, "<h1>Good day, Coder!</h1>"),
            get("book-3", "/greet/Ida", 200, "<h1>Good day, Ida!</h1>"),
            get("book-3", "/greet/Coder", 308, sends={"Location": "http://127.0.0.1:<port>/greet"}),
            get("book-3", "/greet/", 404),
            get("book-4", "/wave", 200, "<h1>Good day, Coder!</h1>"),
            get("book-4", "/wave/Coder", 200, "<h1>Good day, Coder!</h1>"),
            get("book-12", "/nowhere", 404, holds="<h1>Not Found</h1>"),
            post("book-13", "/both", [], 200, "POST"),
            ask("book-13", "HEAD", "/both", 200, b"", sends={"Content-Length": "4"}),
            get("book-13", "/post", 405),
            ask("book-13", "DELETE", "/both", 405),
            ask("book-13", "OPTIONS", "/post", 200, ""),
            ask("book-13", "BREW", "/post", 405),
            get("book-14", "/goback/6", 200, "<p>The year is 2020!</p>"),
            get("book-14", "/goback/six", 404),
            get("book-15", "/colors/white", 200, "<p>white</p>"),
            get("book-15", "/colors/green", 404),
            get("book-15", "/quoted/red", 200, "<p>red</p>"),
            get("book-15", "/quoted/green", 404),
            get("book-15", "/unfinished/red", 500),
            get("book-17", "/created", 201, "<h1>made</h1>"),
            get("book-12", "//hi", 200),
            get("book-12", "/hi/", 404),
        ),
    ),
    Scenario(
        "outcomes",
        "outcomes.py",
        rows=("book-18", "book-20"),
        complains=("ValueError: too many values to unpack (expected 2)", "NameError: name 'redierct' is not defined"),
        steps=(
            get("book-18", "/a-set", 500),
            get("book-18", "/a-dict", 302, "", sends={"Location": "http://www.example.org"}),
            get(
                "book-19",
                "/away",
                302,
                holds="<title>Redirecting...</title>",
                sends={"Location": "http://www.example.org"},
            ),
            get("book-20", "/misspelt", 500, holds="<h1>Internal Server Error</h1>"),
            get("book-21", "/404", 404, holds="<h1>Not Found</h1>"),
            *(
                get("book-21", f"/abort/{code}", code)
                for code in (400, 401, 403, 405, 406, 408, 409, 411, 412, 413, 414, 415, 416, 417, 418, 421, 422)
            ),
            *(
                get("book-21", f"/abort/{code}", code)
                for code in (423, 424, 428, 429, 431, 451, 500, 501, 502, 503, 504, 505)
            ),
            get("book-21", "/abort/299", 500),
            get("book-21", "/abort/text", 410, holds="<p>sold &lt;out&gt;</p>"),
            get("book-22", "/plain", 200, "just <text>", sends={"Content-Type": "text/plain; charset=utf-8"}),
            get("book-22", "/note/xml", 200, sends={"Content-Type": "application/xml; charset=utf-8"}),
            get("book-22", "/note/json", 200, sends={"Content-Type": "application/json"}),
            get("book-22", "/note/csv", 200, sends={"Content-Type": "text/csv; charset=utf-8"}),
            get("book-24", "/hello", 200, "<h1>Good day, stranger</h1>"),
            get("book-23", "/set/Ida", 302, sends={"Set-Cookie": "name=Ida; Path=/", "Location": "/hello"}),
            get("book-24", "/hello", 200, "<h1>Good day, Ida</h1>"),
            get("book-24", "/hello?name=Bo", 200, "<h1>Good day, Bo</h1>"),
        ),
    ),
    Scenario(
        "the control room",
        "admin.py",
        secret="secret string",
        steps=(
            get("book-25", "/key", 200, "secret string", sends={"Vary": None}),
            get("book-27", "/hello?name=Ida", 200, "<h1>Good day, Ida!</h1>[unknown]", sends={"Vary": "Cookie"}),
            get("book-28", "/admin", 403, holds="<h1>Forbidden</h1>"),
            get("book-26", "/login", 302, sends={"Location": "/hello", "Vary": "Cookie"}),
            get("book-27", "/", 200, "<h1>Good day, stranger!</h1>[known]"),
            get("book-28", "/admin", 200, "The control room."),
            get("book-28", "/logout", 302),
            get("book-28", "/logout", 302, sends={"Set-Cookie": None}),
            get("book-28", "/admin", 403),
        ),
    ),
    Scenario(
        "the control room with a key from outside",
        "admin.py",
        env={"SECRET_KEY": "from outside"},
        secret="from outside",
        steps=(
            get("book-25", "/key", 200, "from outside"),
            get("book-25", "/login", 302),
            get("book-25", "/admin", 200),
        ),
    ),
    Scenario(
        "hooks",
        "hooks.py",
        rows=("book-16", "book-30"),
        prints=(
            "before [] hello\nafter 200\nteardown request None\nteardown context None\n",
            "before [] fails\nafter 500\nteardown request ZeroDivisionError('on purpose')\n",
        ),
        complains=("ZeroDivisionError: on purpose",),
        steps=(
            get("book-29", "/?name=Ida", 200, "Good day, Ida", sends={"X-Stamp": "Ida"}),
            get("book-29", "/", 200, "Good day, None"),
            get("book-29", "/g?name=Bo", 200, "[7, [], True, 'Bo', None, \"<flask.g of 'hooks'>\"]"),
            get("book-16", "/?name=nobody", 403, "turned away", sends={"X-Stamp": "nobody"}),
            get("book-16", "/later", 200, "later", sends={"X-Later": "yes"}),
            get("book-30", "/fails", 500, sends={"X-Stamp": "None"}),
            get("book-16", "/nowhere", 404, sends={"X-Stamp": "None"}),
        ),
    ),
    Scenario(
        "going back",
        "going_back.py",
        steps=(
            get("book-31", "/foo", 200, '<h1>Foo</h1><a href="/do_something">Work</a>'),
            get("book-33", "/bar", 200, '<h1>Bar</h1><a href="/do_something?next=/bar?">Work</a>'),
            get("book-33", "/bar?x=1&y=ä".replace("ä", "%C3%A4"), 200),
            get("book-32", "/referrer", 302, headers=(("Referer", "http://127.0.0.1/foo"),)),
            get("book-32", "/referrer", 302, sends={"Location": "None"}),
            get("book-32", "/referrer/or", 302, sends={"Location": "/hello"}),
            get("book-32", "/referrer/or", 302, headers=(("Referer", "/foo?a=1"),), sends={"Location": "/foo?a=1"}),
            get("book-34", "/careless?next=/foo", 302, sends={"Location": "/hello"}),
            get("book-36", "/do_something?next=/foo", 302, sends={"Location": "/foo"}),
            get("book-36", "/do_something?next=http://evil.example/", 302, sends={"Location": "/hello"}),
            get("book-36", "/do_something", 302, headers=(("Referer", "http://127.0.0.1:{port}/bar"),)),
            get("book-36", "/do_something", 302, headers=(("Referer", "http://evil.example/bar"),)),
        ),
    ),
    Scenario(
        "remarks",
        "remarks",
        steps=(
            get("book-37", "/remarks", 200, holds='<li id="r2">&lt;second&gt;</li>'),
            get("book-37", "/profile/2", 200, holds='"username":"mei"'),
            ask("book-37", "DELETE", "/remarks/1", 204, b""),
            ask("book-37", "DELETE", "/remarks/1", 204, b""),
            get("book-37", "/remarks", 200, holds="<li>none</li>"),
            ask("book-37", "DELETE", "/remarks/1", 500),
            get("book-38", "/post", 200, holds=("<p>", "</p>")),
            get("book-38", "/more", 200),
        ),
    ),
)

SCENARIOS = (*BUGS, *SERVED)
