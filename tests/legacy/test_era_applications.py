"""What the era switch changes in an application itself: its hosts, the limits of forms, and what a handler of 500 gets.

Without the switch each is as in today's stock.
"""

from __future__ import annotations

import os
import subprocess
import sys
import typing as t
import warnings

import pytest
from flask import Flask, request, session

NAME = "site.example:80"
ERAS = [None, "1.1", "1.0"]


def make(era: str | None, **config: t.Any) -> Flask:
    app = Flask("someones_app")
    app.secret_key = "secret"
    app.config.update(config, FERROFLASK_ERA=era)

    @app.get("/session")
    def write_session() -> str:
        session["a"] = 1
        return ""

    @app.get("/sub", subdomain="<name>")
    def sub(name: str) -> str:
        return name

    @app.post("/form")
    def form() -> str:
        return str(len(request.form.get("a", "")))

    @app.errorhandler(500)
    def failed(error: t.Any) -> tuple[str, int]:
        return f"{type(error).__name__} {getattr(error, 'original_exception', None)!r}", 500

    @app.get("/fails")
    def fails() -> t.Any:
        return {}["missing"]

    return app


def domain(app: Flask) -> str | None:
    """The cookie's domain as the client sees it."""
    parts = app.test_client().get("/session").headers["Set-Cookie"].split("; ")
    return next((part.removeprefix("Domain=") for part in parts if part.startswith("Domain=")), None)


# SERVER_NAME ----------------------------------------------------------------------------------------------------------

DOMAINS: list[tuple[dict[str, t.Any], str | None, str | None]] = [
    ({}, None, None),
    ({"SERVER_NAME": NAME}, None, "site.example"),
    ({"SERVER_NAME": NAME, "APPLICATION_ROOT": "/below"}, None, "site.example"),
    ({"SERVER_NAME": NAME, "SESSION_COOKIE_DOMAIN": False}, None, None),
    ({"SERVER_NAME": NAME, "SESSION_COOKIE_DOMAIN": "example"}, "example", "example"),
    ({"SERVER_NAME": "127.0.0.1:80"}, None, "127.0.0.1"),
]


@pytest.mark.parametrize(("config", "today", "then"), DOMAINS)
def test_the_cookie_domain_comes_from_the_server_name(
    config: dict[str, t.Any], today: str | None, then: str | None
) -> None:
    assert [domain(make(era, **config)) for era in ERAS] == [today, then, then]


def test_subdomains_get_the_cookie_of_an_application_at_the_root() -> None:
    app = make("1.1", SERVER_NAME=NAME)
    assert app.session_interface.get_cookie_domain(app) == ".site.example"
    app.config["APPLICATION_ROOT"] = "/below"
    assert app.session_interface.get_cookie_domain(app) == "site.example"


def test_a_name_without_a_dot_is_no_cookie_domain() -> None:
    app = make("1.1", SERVER_NAME="localhost")
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        assert app.session_interface.get_cookie_domain(app) is None
    assert ["localhost.localdomain" in str(each.message) for each in caught] == [True]


def test_an_interface_with_its_own_domain_keeps_it() -> None:
    app = make(None, SERVER_NAME=NAME)

    class Mine(type(app.session_interface)):  # type: ignore[misc]
        def get_cookie_domain(self, app: Flask) -> str:
            return "mine.example"

    app.session_interface = Mine()
    app.config["FERROFLASK_ERA"] = "1.1"
    assert domain(app) == "mine.example"


HOSTS: list[tuple[str | None, str, str, int, int]] = [
    (NAME, "http://site.example", "/session", 200, 200),
    (NAME, "http://other.example", "/session", 200, 404),
    (NAME, "http://api.site.example", "/sub", 404, 200),
    (None, "http://other.example", "/session", 200, 200),
    (None, "http://api.other.example", "/sub", 404, 404),
]


@pytest.mark.filterwarnings("ignore:Current server name")
@pytest.mark.parametrize(("name", "base", "path", "today", "then"), HOSTS)
def test_the_server_name_restricts_hosts(name: str | None, base: str, path: str, today: int, then: int) -> None:
    answers = [make(era, SERVER_NAME=name).test_client().get(path, base_url=base).status_code for era in ERAS]
    assert answers == [today, then, then]


# Limits of forms ------------------------------------------------------------------------------------------------------

FORMS: list[tuple[dict[str, t.Any], int, int]] = [
    ({}, 413, 200),
    ({"MAX_FORM_MEMORY_SIZE": 300_000}, 413, 413),
    ({"MAX_FORM_MEMORY_SIZE": 900_000}, 200, 200),
    ({"MAX_CONTENT_LENGTH": 300_000}, 413, 413),
]


def post(app: Flask, fields: dict[str, str]) -> int:
    parts = [f'--b\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{text}\r\n' for name, text in fields.items()]
    body = "".join([*parts, "--b--\r\n"]).encode()
    return app.test_client().post("/form", data=body, content_type="multipart/form-data; boundary=b").status_code


@pytest.mark.parametrize(("config", "today", "then"), FORMS)
def test_a_large_form_field_is_read(config: dict[str, t.Any], today: int, then: int) -> None:
    fields = {"a": "x" * 600_000}
    assert [post(make(era, **config), fields) for era in ERAS] == [today, then, then]


def test_a_form_has_as_many_fields_as_it_has() -> None:
    fields = {f"a{number}": "" for number in range(1200)}
    assert [post(make(era), fields) for era in ERAS] == [413, 200, 200]


# Handlers of 500 ------------------------------------------------------------------------------------------------------

WRAPPED, BARE = "InternalServerError KeyError('missing')", "KeyError None"


@pytest.mark.parametrize(("era", "text"), zip(ERAS, [WRAPPED, WRAPPED, BARE], strict=True))
def test_the_handler_of_500_gets_the_exception_itself(era: str | None, text: str) -> None:
    answer = make(era).test_client().get("/fails")
    assert (answer.status_code, answer.text) == (500, text)


def test_handlers_of_other_errors_and_none_at_all_are_as_ever() -> None:
    app = make("1.0")

    @app.errorhandler(404)
    def missing(error: t.Any) -> tuple[str, int]:
        return type(error).__name__, 404

    assert app.test_client().get("/nowhere").text == "NotFound"
    del app.error_handler_spec[None][500]
    assert app.test_client().get("/fails").status_code == 500


def test_an_async_handler_of_500_gets_it_too() -> None:
    pytest.importorskip("asgiref")
    app = make("1.0")

    @app.errorhandler(500)
    async def failed(error: t.Any) -> tuple[str, int]:
        return type(error).__name__, 500

    assert app.test_client().get("/fails").text == "KeyError"


# The whole process ----------------------------------------------------------------------------------------------------

PROCESS = """
import warnings
from tests.legacy.test_era_applications import NAME, Flask, domain, make
app = make(None, SERVER_NAME=NAME)
print(domain(app), app.config["MAX_FORM_MEMORY_SIZE"], app.config["MAX_FORM_PARTS"])
print(app.test_client().get("/fails").text)

class Mine(type(app.session_interface)):
    pass

app.session_interface = Mine()
print(domain(app))
warnings.simplefilter("ignore")
print(app.test_client().get("/session", base_url="http://other.example").status_code)
"""


@pytest.mark.parametrize(("era", "text"), [("1.1", WRAPPED), ("1.0", BARE)])
def test_a_process_goes_back(era: str, text: str) -> None:
    env = {**os.environ, "FERROFLASK_ERA": era, "PYTHONPATH": os.pathsep.join(sys.path)}
    done = subprocess.run([sys.executable, "-c", PROCESS], env=env, capture_output=True, text=True, check=True)
    assert done.stdout.splitlines() == ["site.example None None", text, "site.example", "404"]
