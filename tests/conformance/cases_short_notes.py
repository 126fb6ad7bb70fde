"""The short notes with blueprints (Flask 2.x to 3.x)."""

from __future__ import annotations

from .harness.scenario import Scenario
from .harness.steps import get, post, send

SCENARIOS = (
    Scenario(
        "the drawing board",
        "drawing_board",
        rows=("001-1", "001-4", "001-5"),
        complains=(
            "AttributeError: 'bytes' object has no attribute 'get'",
            "TypeError: The view function for 'args' did not return a valid response.",
        ),
        steps=(
            get("001-1", "/", 200, "good day!!!"),
            post("001-1", "/", [], 405),
            get("001-2", "/drawing/add_mark", 200, "水印已加", sends={"Content-Length": "12"}),
            post("001-2", "/drawing/add_mark", [], 200, "水印已加"),
            get("001-2 001-3", "/drawing/join_pictures", 200, "两图合一"),
            get("001-2", "/add_mark", 404),
            send("001-4", "/data", "application/json", b'{"username": "mei"}', 500),
            get("001-5", "/args?username=mei", 500),
            get("001-6", "/people/who", 200, "None"),
            get("001-6", "/people/remember", 200, "remembered"),
            get("001-6", "/people/who", 200, "mei"),
            get("001-6", "/people/forget", 200, "forgotten"),
            get("001-6", "/people/who", 200, "None"),
            get("001-7 001-8", "/people/login", 200, "<p><b> a & b /people/who /people/login</p>"),
            post("001-7", "/people/login", [("name", "<i>")], 200, holds="<p><i> a & b "),
            get("001-7 001-8", "/people/login.html", 200, holds="<p>&lt;b&gt; a &amp; b "),
        ),
    ),
    Scenario(
        "a blueprint by a wrong name",
        "drawing_board",
        main="wrong_name.py",
        rows=("001-3",),
        exits=1,
        complains=("ImportError: cannot import name 'drawing' from 'drawing'",),
    ),
    Scenario(
        "a module registered as a blueprint",
        "drawing_board",
        main="module_registered.py",
        rows=("001-3",),
        exits=1,
        complains=("AttributeError: module 'drawing' has no attribute 'register'",),
    ),
)
