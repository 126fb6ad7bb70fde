"""The notes of a book on Flask 1.0: how an application is found, the environment, and the `flask` command."""

from __future__ import annotations

import sys

from .harness.scenario import Scenario
from .harness.steps import get

RUN = ("-m", "flask", "run", "--port={port}")
GREETINGS = {"FLASK_APP": "greetings.py"}


def found(name: str, folder: str, text: str, env: dict[str, str] | None = None) -> Scenario:
    """An application that `flask run` finds by itself, or through FLASK_APP."""
    return Scenario(
        f"flask run finds {name}",
        f"by_autodetection/{folder}",
        rows=("book-5",),
        argv=RUN,
        env=env or {},
        steps=(get("book-5", "/", 200, text),),
    )


def not_found(name: str, folder: str, complaint: str, env: dict[str, str] | None = None) -> Scenario:
    return Scenario(
        f"flask run does not find {name}",
        f"by_autodetection/{folder}",
        rows=("book-5",),
        argv=RUN,
        env=env or {},
        exits=2,
        complains=(complaint,),
    )


FLASK_RUN = (
    found("app.py", "app_py", "app in app.py"),
    found("wsgi.py", "wsgi_py", "application in wsgi.py"),
    found("create_app", "factory", "made by create_app"),
    found("make_app", "make_factory", "made by make_app: plain 1"),
    found(
        "a factory with arguments",
        "make_factory",
        "made by make_app: big 3",
        {"FLASK_APP": "app:make_app('big', size=3)"},
    ),
    found("a name in FLASK_APP", "named", "second of hello", {"FLASK_APP": "hello:second"}),
    found("a file in FLASK_APP", "app_py", "app in app.py", {"FLASK_APP": "./app.py"}),
    not_found("wsgy.py", "mistyped", "Could not locate a Flask application."),
    not_found("two applications", "named", "Detected multiple Flask applications", {"FLASK_APP": "hello"}),
    not_found("another name", "named", "Failed to find attribute 'third' in 'hello'.", {"FLASK_APP": "hello:third"}),
    not_found("a missing module", "app_py", "Could not import 'nowhere'.", {"FLASK_APP": "nowhere"}),
    not_found("a module that fails", "broken", "No module named 'not_there_at_all'", {"FLASK_APP": "broken"}),
    Scenario(
        "the flask command",
        "greetings.py",
        rows=("book-5",),
        argv=("{flask}", "--app", "greetings", "run", "--port", "{port}"),
        prints=(" * Serving Flask app 'greetings'\n * Debug mode: off\n",),
        steps=(get("book-1", "/", 200, "<h1>Good morning, reader!</h1>"),),
    ),
)

ENVIRONMENT = (
    Scenario(
        ".env and .flaskenv",
        "dotenv_files",
        rows=("book-6",),
        argv=("-m", "flask", "values-too"),
        env={"SHAPE": "shape-of-shell"},
        prints=("colour-of-flaskenv size-of-env shape-of-shell\n",),
    ),
    Scenario(
        ".env and .flaskenv, served",
        "dotenv_files",
        rows=("book-6",),
        argv=RUN,
        prints=(" * Serving Flask app 'shop'\n",),
        steps=(get("book-6", "/", 200, "colour-of-flaskenv size-of-env shape of env"),),
    ),
    Scenario(
        ".env and .flaskenv, by app.run",
        "dotenv_files",
        main="shop.py",
        rows=("book-6",),
        steps=(get("book-6", "/", 200, "colour-of-flaskenv size-of-env shape of env"),),
    ),
    Scenario(
        ".env without python-dotenv",
        "dotenv_files",
        rows=("book-6",),
        hides=("dotenv",),
        argv=("-m", "flask", "--app", "shop", "values-too"),
        prints=("- - -\n",),
        complains=(" * Tip: There are .env files present.",),
    ),
    Scenario(
        ".env skipped",
        "dotenv_files",
        rows=("book-6",),
        argv=("-m", "flask", "--app", "shop", "values-too"),
        env={"FLASK_SKIP_DOTENV": "1"},
        prints=("- - -\n",),
    ),
    Scenario(
        "FLASK_ENV with a script",
        "quick_debug.py",
        rows=("book-7",),
        hides=("watchdog",),
        env={"FLASK_ENV": "development"},
        stock_env={"FLASK_DEBUG": "1"},
        ours_warns="FLASK_DEBUG",
        prints=(" * Debug mode: on",),
        steps=(get("book-7", "/", 200, "debug is True"),),
    ),
    Scenario(
        "FLASK_ENV with flask run",
        "quick_debug.py",
        rows=("book-7",),
        hides=("watchdog",),
        argv=RUN,
        env={"FLASK_ENV": "development", "FLASK_APP": "quick_debug", "PYTHONWARNINGS": "default::DeprecationWarning"},
        stock_env={"FLASK_DEBUG": "1"},
        ours_warns="FLASK_DEBUG",
        prints=(" * Debug mode: on",),
        steps=(get("book-7", "/", 200, "debug is True"),),
    ),
    Scenario(
        "FLASK_ENV=production",
        "quick_debug.py",
        rows=("book-7",),
        argv=RUN,
        env={"FLASK_ENV": "production", "FLASK_APP": "quick_debug"},
        prints=(" * Debug mode: off",),
        steps=(get("book-7", "/", 200, "debug is False"),),
    ),
    Scenario(
        "watchdog",
        "quick_debug.py",
        rows=("book-8",),
        env={"FLASK_DEBUG": "1"},
        complains=(" * Restarting with watchdog (inotify)",) if sys.platform == "linux" else (),
        steps=(get("book-8", "/", 200, "debug is True"),),
    ),
)

COMMANDS = (
    Scenario(
        "flask shell",
        "greetings.py",
        rows=("book-9",),
        argv=("-m", "flask", "shell"),
        env=GREETINGS,
        stdin="app\nfrom flask import current_app, g, url_for\ncurrent_app.name\n"
        "with app.test_request_context():\n    print(url_for('greet', name='x'))\n\nprint(g)\n"
        "app.test_client().get('/hi').data\n",
        prints=("<Flask 'greetings'>\n", "'greetings'\n", "/greet/x\n", "b'<h1>Good day, Flask!<h1>'\n"),
        complains=("App: greetings\nInstance: ",),
    ),
    Scenario(
        "own command",
        "greetings.py",
        rows=("book-10",),
        argv=("-m", "flask", "hello"),
        env=GREETINGS,
        prints=("Good day, human!\n",),
    ),
    Scenario(
        "own command with arguments",
        "greetings.py",
        rows=("book-10",),
        argv=("{flask}", "count", "9", "--step", "4"),
        env=GREETINGS,
        prints=("0 4 8\n",),
    ),
    Scenario(
        "own command, wrongly called",
        "greetings.py",
        rows=("book-10",),
        argv=("{flask}", "count", "x"),
        env=GREETINGS,
        exits=2,
        complains=("Invalid value for 'UPTO': 'x' is not a valid integer.",),
    ),
    Scenario(
        "unknown command",
        "greetings.py",
        rows=("book-10",),
        argv=("-m", "flask", "goodbye"),
        env=GREETINGS,
        exits=2,
        complains=("No such command 'goodbye'",),
    ),
    Scenario(
        "flask routes",
        "greetings.py",
        rows=("book-12",),
        argv=("-m", "flask", "routes"),
        env=GREETINGS,
        prints=("Endpoint       Methods    Rule", "go_back        GET        /goback/<int:year>"),
    ),
    Scenario(
        "flask routes by rule",
        "greetings.py",
        rows=("book-12",),
        argv=("-m", "flask", "routes", "--sort", "rule", "--all-methods"),
        env=GREETINGS,
        prints=("GET, HEAD, OPTIONS",),
    ),
    Scenario(
        "own command in a context",
        "hooks.py",
        rows=("book-30",),
        argv=("-m", "flask", "where"),
        env={"FLASK_APP": "hooks"},
        prints=("hooks False\nteardown context None\n",),
    ),
    Scenario(
        "shell in a context",
        "hooks.py",
        rows=("book-30",),
        argv=("-m", "flask", "shell"),
        env={"FLASK_APP": "hooks"},
        stdin="from flask import current_app\ncurrent_app.name\n",
        prints=("'hooks'",),
    ),
)

SCENARIOS = (*FLASK_RUN, *ENVIRONMENT, *COMMANDS)
