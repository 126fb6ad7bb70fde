"""Every way of installing takes the name ``flask`` over, and every way of uninstalling gives it back."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from .conftest import PROJECT, Environment

pytestmark = [pytest.mark.slow, pytest.mark.timeout(900)]

# What a program sees of the distribution it depends on, whoever serves the name.
FACTS = """
import flask.cli, importlib.metadata as metadata
scripts = metadata.entry_points(group="console_scripts", name="flask")
print(metadata.version("flask").rpartition(".")[0], *(script.value for script in scripts))
"""


def install_wheel(environment: Environment, wheel: Path) -> None:
    environment.pip("install", wheel)


def install_folder(environment: Environment, wheel: Path) -> None:
    environment.pip("install", PROJECT)


def install_editable(environment: Environment, wheel: Path) -> None:
    environment.pip("install", "--editable", PROJECT)


def install_develop(environment: Environment, wheel: Path) -> None:
    environment.develop()


@pytest.mark.parametrize("install", [install_wheel, install_folder, install_editable, install_develop])
def test_each_way_takes_over_and_gives_back(
    install: Callable[[Environment, Path], None], new_environment: Callable[[], Environment], wheel: Path
) -> None:
    environment = new_environment()
    install(environment, wheel)
    assert environment.has_ours()
    assert environment.has_stock(FERROFLASK="0")
    assert environment.run("-c", FACTS).stdout == "3.1 flask.cli:main\n"

    environment.pip("uninstall", "--yes", "ferroflask")
    assert environment.has_stock()
    assert not list(environment.site_packages.glob("*ferroflask*"))


def test_stock_before_and_after(new_environment: Callable[[], Environment], wheel: Path) -> None:
    environment = new_environment()
    environment.pip("install", "Flask>=3.1,<3.2")
    assert environment.has_stock()
    environment.pip("install", wheel)
    assert environment.has_ours()
    environment.pip("install", "--force-reinstall", "--no-deps", "Flask>=3.1,<3.2")
    assert environment.has_ours()
    assert environment.has_stock(FERROFLASK="0")

    # The distribution is gone, what it brought is not: ours needs no file of it.
    environment.pip("uninstall", "--yes", "Flask")
    assert environment.has_ours()
    assert environment.run("-c", "from flask import Flask; print(Flask('a').name)").stdout == "a\n"
    assert "Flask is not installed\n" in environment.run("-m", "flask", "--version").stdout


@pytest.mark.parametrize(
    "lost", ["ferroflask", "_ferroflask_hook.py", "ferroflask/activation/import_hook.py", "ferroflask/api"]
)
def test_half_uninstalled_means_stock(lost: str, new_environment: Callable[[], Environment], wheel: Path) -> None:
    environment = new_environment()
    environment.pip("install", wheel)
    (environment.site_packages / lost).rename(environment.root / "lost")
    # A folder with nothing but caches in it is what an interrupted uninstall leaves.
    (environment.site_packages / "ferroflask").mkdir(exist_ok=True)
    start = environment.run("-c", "pass")
    assert (start.stdout, start.stderr) == ("", "")
    assert environment.has_stock()


def test_folder_for_target(tmp_path: Path, new_environment: Callable[[], Environment], wheel: Path) -> None:
    """No hook runs for a folder on PYTHONPATH: there `python -m ferroflask` and `import ferroflask` do its work."""
    environment = new_environment()
    environment.pip("install", "--target", tmp_path / "vendored", wheel)
    path = str(tmp_path / "vendored")
    script = environment.root / "script.py"
    script.write_text("import flask; print(flask.__file__)")
    ours = f"{path}/ferroflask/api/flask/__init__.py\n"

    assert environment.run(script, PYTHONPATH=path).stdout == f"{path}/flask/__init__.py\n"
    assert environment.run("-m", "ferroflask", script, PYTHONPATH=path).stdout == ours
    assert environment.run("-c", "import ferroflask, flask; print(flask.__file__)", PYTHONPATH=path).stdout == ours
