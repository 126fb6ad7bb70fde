"""`flask --version` and the banner name ferroflask, with and without Flask's distribution."""

from __future__ import annotations

import importlib.metadata

import flask.cli
import pytest
from flask import Flask

from ferroflask._core import __version__


@pytest.fixture(autouse=True)
def _environment(monkeypatch: pytest.MonkeyPatch) -> None:
    """The command marks the environment of the process as its own; other tests run programs in it."""
    monkeypatch.setenv("FLASK_RUN_FROM_CLI", "false")


def versions() -> list[str]:
    result = Flask("a").test_cli_runner().invoke(flask.cli.FlaskGroup(), ["--version"])
    assert result.exit_code == 0, result.output
    return result.output.splitlines()


def test_version_of_the_distribution() -> None:
    assert __version__ == importlib.metadata.version("ferroflask")


def test_versions() -> None:
    python, *others = versions()
    assert python.startswith("Python 3.")
    assert others == [
        f"Flask {importlib.metadata.version('flask')}",
        f"Werkzeug {importlib.metadata.version('werkzeug')}",
        f"ferroflask {__version__}",
    ]


def test_flask_was_uninstalled(monkeypatch: pytest.MonkeyPatch) -> None:
    really = importlib.metadata.version

    def version(name: str) -> str:
        if name == "flask":
            raise importlib.metadata.PackageNotFoundError(name)
        return really(name)

    monkeypatch.setattr(importlib.metadata, "version", version)
    assert versions()[1] == "Flask is not installed"


def test_banner(capsys: pytest.CaptureFixture[str]) -> None:
    flask.cli.show_server_banner(False, "app")
    assert capsys.readouterr().out == (
        f" * Serving Flask app 'app'\n * Debug mode: off\n * Engine: ferroflask {__version__}\n"
    )
