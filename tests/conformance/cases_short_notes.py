"""The short notes with blueprints (Flask 2.x to 3.x)."""

from __future__ import annotations

from .harness.scenario import Scenario
from .harness.steps import get, post, send

SCENARIOS = (
    Scenario(
        "the drawing board",
        "drawing_board",
        rows=("notes-1", "notes-4", "notes-5"),
        complains=(
            "AttributeError: 'bytes' object has no attribute 'get'",
            "TypeError: The view function for 'args' did not return a valid response.",
        ),
        steps=(
            get("notes-1", "/", 200, "good day!!!"),
            post("notes-1", "/", [], 405),
            get("notes-2", "/drawing/add_mark", 200, "水印已加", sends={"Content-Length": "12"}),
            post("notes-2", "/drawing/add_mark", [], 200, "水印已加"),
            get("notes-2 notes-3", "/drawing/join_pictures", 200, "两图合一"),
            get("notes-2", "/add_mark", 404),
            send("notes-4", "/data", "application/json", b'{"username": "mei"}', 500),
            get("notes-5", "/args?username=mei", 500),
            get("notes-6", "/people/who", 200, "None"),
            get("notes-6", "/people/remember", 200, "remembered"),
            get("notes-6", "/people/who", 200, "mei"),
            get("notes-6", "/people/forget", 200, "forgotten"),
            get("notes-6", "/people/who", 200, "None"),
            get("notes-7 notes-8", "/people/login", 200, "<p><b> a & b /people/who /people/login</p>"),
            post("notes-7", "/people/login", [("name", "<i>")], 200, holds="<p><i> a & b "),
            get("notes-7 notes-8", "/people/login.html", 200, holds="<p>&lt;b&gt; a &amp; b "),
        ),
    ),
    Scenario(
        "a blueprint by a wrong name",
        "drawing_board",
        main="wrong_name.py",
        rows=("notes-3",),
        exits=1,
        complains=("ImportError: cannot import name 'drawing' from 'drawing'",),
    ),
    Scenario(
        "a module registered as a blueprint",
        "drawing_board",
        main="module_registered.py",
        rows=("notes-3",),
        exits=1,
        complains=("AttributeError: module 'drawing' has no attribute 'register'",),
    ),
)
