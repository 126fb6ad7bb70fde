"""What the test client, the development server and `flask run` had in older releases."""

from __future__ import annotations

import subprocess
import sys
import typing as t
from http.cookiejar import Cookie

import pytest
from click.testing import CliRunner
from flask import Flask, g, request
from flask.cli import run_command

from ferroflask.legacy.werkzeug.server_shutdown import make_shutdown

from .asking import ask

pytestmark = pytest.mark.filterwarnings("ignore::DeprecationWarning")


@pytest.fixture
def app() -> Flask:
    app = Flask("someones_app")

    @app.get("/")
    def index() -> t.Any:
        answer = app.make_response(f"hello {request.cookies.get('b')}")
        answer.set_cookie("a", "1", httponly=True, max_age=60)
        return answer

    return app


# The test client ------------------------------------------------------------------------------------------------------


def test_the_cookie_jar_shows_the_clients_cookies(app: Flask) -> None:
    client: t.Any = app.test_client()
    assert len(client.cookie_jar) == 0
    client.get("/")
    (cookie,) = client.cookie_jar
    assert (cookie.name, cookie.value, cookie.domain, cookie.path) == ("a", "1", "localhost.local", "/")
    assert cookie.has_nonstandard_attr("HttpOnly")
    assert not cookie.is_expired()
    assert client.cookie_jar._cookies["localhost.local"]["/"]["a"] is not None
    assert app.test_client(use_cookies=False).cookie_jar is None  # type: ignore[attr-defined]


def test_the_cookie_jar_changes_the_client(app: Flask) -> None:
    client: t.Any = app.test_client()
    client.set_cookie("b", "2")
    client.get("/")
    jar = client.cookie_jar
    jar.clear_session_cookies()
    assert [cookie.name for cookie in client.cookie_jar] == ["a"]
    assert client.get("/").text == "hello None"
    session = ("b", "3", None, False, "localhost.local", False, False, "/", True, False, None, True, None, None, {})
    jar.set_cookie(Cookie(0, *session))
    assert client.get("/").text == "hello 3"
    client.cookie_jar.clear()
    assert client.get_cookie("b") is None
    with pytest.raises(KeyError):
        client.cookie_jar.clear("elsewhere")


def test_an_answer_as_a_tuple(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    client: t.Any = app.test_client()
    asked = ask("\nenviron, answer = client.get('/', as_tuple=True)", client=client)
    assert [line for _, line in asked.warned] == [2]
    assert asked.names["environ"]["PATH_INFO"] == "/"
    assert asked.names["answer"].text == "hello None"
    assert client.get("/", as_tuple=False).status_code == 200
    monkeypatch.setenv("FERROFLASK_LEGACY", "0")
    with pytest.raises(TypeError, match="as_tuple"):
        client.get("/", as_tuple=True)


def test_g_of_a_request_context(app: Flask) -> None:
    with app.test_request_context() as context:
        g.value = 1
        assert t.cast(t.Any, context).g.value == 1
        assert t.cast(t.Any, context).preserved is False


# flask run ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("flag", ["--eager-loading", "--lazy-loading", "--lazy-loader"])
def test_flask_run_takes_its_former_flags(flag: str) -> None:
    plain = run_command.make_context("run", ["--port", "5001"]).params
    assert run_command.make_context("run", ["--port", "5001", flag]).params == plain
    assert "lazy" not in CliRunner().invoke(run_command, ["--help"]).output


def test_an_application_that_is_loaded_with_the_first_request(app: Flask) -> None:
    found = ask("from flask.cli import DispatchingApp, find_default_import_path").names
    loaded: list[Flask] = []

    def load() -> Flask:
        loaded.append(app)
        return app

    lazy = found["DispatchingApp"](load)
    assert loaded == []
    app.wsgi_app, before = lambda environ, start: [b"x"], app.wsgi_app  # type: ignore[method-assign,assignment]
    assert [lazy({}, None) for _ in range(2)] == [[b"x"], [b"x"]]
    assert loaded == [app]
    assert before is not None
    found["DispatchingApp"](load, use_eager_loading=True)
    assert loaded == [app, app]


def test_the_default_import_path(monkeypatch: pytest.MonkeyPatch) -> None:
    find = ask("from flask.cli import find_default_import_path as find").names["find"]
    monkeypatch.setenv("FLASK_APP", "package:app")
    assert find() == "package:app"
    monkeypatch.setenv("FLASK_APP", __file__)
    assert find() == __file__
    monkeypatch.delenv("FLASK_APP")
    assert find() is None


def test_which_loaders_have_packages() -> None:
    tell = ask("from flask.helpers import _matching_loader_thinks_module_is_package as tell").names["tell"]
    import flask

    assert tell(flask.__loader__, "flask") is True
    with pytest.raises(AttributeError):
        tell(object(), "flask")


# Stopping the development server --------------------------------------------------------------------------------------


def test_the_shutdown_function_stops_and_warns_once() -> None:
    stops: list[None] = []
    asked = ask("\nstop()\nstop()", stop=make_shutdown(lambda: stops.append(None)))
    assert stops == [None]
    assert [line for _, line in asked.warned] == [2]


PROGRAM = """
import socket, threading, time, urllib.error, urllib.request
from flask import Flask, request

app = Flask(__name__)

@app.get("/stop")
def stop():
    request.environ["werkzeug.server.shutdown"]()
    return "stopping"

with socket.socket() as free:
    free.bind(("127.0.0.1", 0))
    port = free.getsockname()[1]
server = threading.Thread(target=app.run, kwargs={"port": port})
server.start()
for _ in range(200):
    try:
        print(urllib.request.urlopen(f"http://127.0.0.1:{port}/stop").read().decode())
        break
    except urllib.error.URLError:
        time.sleep(0.02)
server.join(10)
print("alive" if server.is_alive() else "stopped")
"""


def test_a_view_stops_the_server_and_the_program_goes_on() -> None:
    """As the Selenium tests of a widespread book do it."""
    done = subprocess.run([sys.executable, "-c", PROGRAM], capture_output=True, text=True, timeout=30, check=True)
    assert done.stdout.endswith("stopping\nstopped\n"), done


def test_cookies_with_a_server_name_in_front(app: Flask) -> None:
    client: t.Any = app.test_client()
    client.set_cookie("localhost", "b", "4")
    assert client.get("/").text == "hello 4"
    client.delete_cookie("localhost", "b")
    assert client.get("/").text == "hello None"


def test_the_group_can_be_called_as_main() -> None:
    from flask.cli import FlaskGroup

    with pytest.raises(SystemExit) as left:
        FlaskGroup(create_app=lambda: Flask("a")).main(["--help"])
    assert left.value.code == 0
