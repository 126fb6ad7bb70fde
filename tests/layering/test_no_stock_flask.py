"""While ours is active, nothing of the stock Flask distribution is loaded, however much of `flask` is imported."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from functools import cache
from importlib.metadata import distribution
from pathlib import Path

from .rust_source import PROJECT

OURS = PROJECT / "python" / "ferroflask" / "api" / "flask"

# Imports every module of flask, then uses what may be imported late: template, session, command, test client.
PROGRAM = """
import importlib, json, pkgutil, sys
import flask
names = ["flask", *(module.name for module in pkgutil.walk_packages(flask.__path__, "flask."))]
names.remove("flask.__main__")
for name in names:
    importlib.import_module(name)
app = flask.Flask("probe")
app.secret_key = "key"
@app.route("/")
def index():
    flask.session["seen"] = True
    return flask.render_template_string("{{ g }} {{ request.path }}")
assert app.test_client().get("/").status_code == 200
assert app.test_cli_runner().invoke(flask.cli.routes_command).exit_code == 0
files = {name: getattr(module, "__file__", None) for name, module in list(sys.modules.items())}
print(json.dumps({"names": names, "files": {name: path for name, path in files.items() if path}}))
"""


@cache
def loaded() -> dict[str, dict[str, str]]:
    environment = {name: value for name, value in os.environ.items() if not name.startswith(("FERROFLASK", "FLASK"))}
    done = subprocess.run([sys.executable, "-c", PROGRAM], env=environment, capture_output=True, text=True, timeout=50)
    assert done.returncode == 0, done.stderr
    answer: dict[str, dict[str, str]] = json.loads(done.stdout)
    return answer


def stock_modules() -> set[str]:
    """Return the names of the modules that the Flask distribution ships."""
    names = set()
    for file in distribution("flask").files or ():
        if file.parts[0] == "flask" and file.suffix == ".py" and file.stem != "__main__":
            names.add(".".join(file.with_suffix("").parts).removesuffix(".__init__"))
    return names


def test_no_file_of_stock_is_loaded() -> None:
    stock = Path(str(distribution("flask").locate_file("flask"))).resolve()
    from_stock = {name: path for name, path in loaded()["files"].items() if stock in Path(path).resolve().parents}
    assert from_stock == {}


def test_every_flask_module_is_ours() -> None:
    foreign = {
        name: path
        for name, path in loaded()["files"].items()
        if name.partition(".")[0] == "flask" and OURS.resolve() not in Path(path).resolve().parents
    }
    assert foreign == {}


def test_no_module_is_missing() -> None:
    assert stock_modules() - set(loaded()["names"]) == set()


def test_our_flask_is_not_loaded_twice() -> None:
    twice = [name for name in loaded()["files"] if name.startswith("ferroflask.api.flask")]
    assert twice == []
