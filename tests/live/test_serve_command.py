"""What `ferroflask serve` makes of MODULE:APP and of --bind, and what it says when it can make nothing of them."""

from __future__ import annotations

import sys
import urllib.request
from collections.abc import Callable
from pathlib import Path

import pytest

from .program import Program

MODULE = """
import functools
from flask import Flask

def named(name):
    app = Flask(name)
    app.add_url_rule("/", "name", lambda: name)
    return app

app = named("app")
site = type("Site", (), {"app": named("nested")})

def create_app(config=None, testing=False):
    return named(f"factory {config} {testing}")

def factory():
    return named("plain factory")

def build(config):
    return named(f"built {config}")

def plain(environ, start_response):
    start_response("200 OK", [("Content-Type", "text/plain")])
    return [b"plain"]

def with_options(environ, start_response, option=1):
    return plain(environ, start_response)

def passing(*arguments):
    return plain(*arguments)

@functools.wraps(plain)
def wrapped(*arguments, **named):
    return plain(*arguments, **named)

def stuck():
    raise TypeError("of its own")
"""


@pytest.fixture
def serve(start_program: Callable[..., Program], tmp_path: Path) -> Callable[..., Program]:
    (tmp_path / "served.py").write_text(MODULE)
    (tmp_path / "only_factory.py").write_text("from served import create_app\n")

    def start(app: str, bind: str = "127.0.0.1:0") -> Program:
        return start_program([sys.executable, "-m", "ferroflask", "serve", app, "--bind", bind])

    return start


@pytest.mark.parametrize(
    ("app", "answer"),
    [
        ("served", "app"),
        ("served:app", "app"),
        ("served.py", "app"),
        ("./served.py: site.app", "nested"),
        ("served:site.app", "nested"),
        ("served:create_app", "factory None False"),
        ("served:create_app()", "factory None False"),
        ("served:create_app('a', testing=True)", "factory a True"),
        ("served:factory", "plain factory"),
        ("only_factory", "factory None False"),
        ("served:build('x')", "built x"),
        ("served:plain", "plain"),
        ("served:with_options", "plain"),
        ("served:passing", "plain"),
        ("served:wrapped", "plain"),
    ],
)
def test_what_is_served(serve: Callable[..., Program], app: str, answer: str) -> None:
    port = serve(app).wait_for(r" on http://127\.0\.0\.1:(\d+)")[1]
    with urllib.request.urlopen(f"http://127.0.0.1:{port}/", timeout=10) as answered:
        assert answered.read().decode() == answer


@pytest.mark.parametrize(
    ("app", "said"),
    [
        ("served:nope", "Error: Module 'served' has no attribute 'nope'"),
        ("served:nope()", "Error: Module 'served' has no attribute 'nope'"),
        ("served:site.nope.app", "Error: Module 'served' has no attribute 'site.nope'"),
        ("served:MODULES()[0]", r"Error: 'MODULES\(\)\[0\]' is neither a name nor a call of one"),
        ("served:a b", "Error: 'a b' is neither a name nor a call\\."),
        ("served:site.__module__()", "Error: 'site.__module__' in module 'served' can't be called"),
        ("served:build(name)", r"Error: Arguments in 'build\(name\)' must be literals"),
        ("nowhere", "Error: There is no module 'nowhere'"),
        ("nowhere.py", "Error: There is no module 'nowhere'"),
        (
            "served:build",
            r"Error: 'build' needs arguments to make an application. Write 'served:build\(...\)' with them",
        ),
        ("served:stuck", "^TypeError: of its own"),
        ("served:MODULE", "Error: Module 'served' has no attribute 'MODULE'"),
        ("served:__name__", "Error: 'served:__name__' is 'str', not a WSGI application"),
    ],
)
def test_nothing_to_serve(serve: Callable[..., Program], app: str, said: str) -> None:
    program = serve(app)
    program.wait_for(said)
    assert program.process.wait(10) == 1


@pytest.mark.parametrize(
    ("bind", "said"),
    [
        ("127.0.0.1:http", r"'127\.0\.0\.1:http' is not a valid address\. Write HOST:PORT, unix:PATH or fd://NUMBER"),
        ("host.invalid:80", r"http://host\.invalid:80 can't be bound: .*\. Check the name of the host"),
        ("192.0.2.1:0", r"can't be bound: Cannot assign requested address\. This machine has no such address"),
        ("unix:/no/such/folder/a.sock", r"can't be bound: No such file or directory\. Create the folder first"),
        ("fd://99", r"fd://99 can't be bound: Bad file descriptor\. Pass the number of an open, listening socket"),
    ],
)
def test_addresses_that_cannot_be_bound(serve: Callable[..., Program], bind: str, said: str) -> None:
    program = serve("served", bind)
    program.wait_for(said)
    assert program.process.wait(10) == 1
