"""The ways of starting a program in an environment with ferroflask installed."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from .conftest import Environment

pytestmark = [pytest.mark.slow, pytest.mark.timeout(900)]

REPORT = """
import json, sys
import flask
main = sys.modules["__main__"]
print(json.dumps({
    "ours": "ferroflask" in flask.__file__, "argv": sys.argv, "name": __name__, "file": __file__,
    "first": sys.path[0], "root": flask.Flask(__name__).root_path, "main": main.__dict__ is globals(),
}))
"""


@pytest.fixture
def script(tmp_path: Path) -> Path:
    path = tmp_path / "report_it.py"
    path.write_text(REPORT)
    return path


def report(environment: Environment, *arguments: object, **settings: str) -> dict[str, object]:
    answer: dict[str, object] = json.loads(environment.run(*arguments, **settings).stdout)
    return answer


def test_script_of_its_own(installed: Environment, script: Path) -> None:
    answer = report(installed, script, "--flag", "word")
    assert answer["ours"] is True


@pytest.mark.parametrize("interpreter_options", [[], ["-S"], ["-I"]])
def test_script_is_run_as_python_runs_it(installed: Environment, script: Path, interpreter_options: list[str]) -> None:
    settings = {"PYTHONPATH": str(installed.site_packages)} if "-S" in interpreter_options else {}
    direct = report(installed, *interpreter_options, script, "--flag", "word", **settings)
    through_us = report(installed, *interpreter_options, "-m", "ferroflask", script, "--flag", "word", **settings)
    assert through_us == direct | {"ours": True}
    assert direct["ours"] is ("-S" not in interpreter_options)


def test_module_is_run_as_python_runs_it(installed: Environment, script: Path) -> None:
    settings = {"PYTHONPATH": str(script.parent)}
    direct = report(installed, "-m", "report_it", "-x", **settings)
    through_us = report(installed, "-m", "ferroflask", "-m", "report_it", "-x", **settings)
    assert through_us == direct
    assert direct["ours"] is True


def test_script_that_is_not_there(installed: Environment) -> None:
    done = installed.run("-m", "ferroflask", "nowhere.py", check=False)
    assert (done.returncode, done.stdout) == (1, "")
    assert "can't open 'nowhere.py'" in done.stderr


@pytest.mark.parametrize("arguments", [[], ["--unknown"], ["-m"]])
def test_wrong_command_line_shows_the_usage(installed: Environment, arguments: list[str]) -> None:
    done = installed.run("-m", "ferroflask", *arguments, check=False)
    assert done.returncode == 2
    assert done.stderr.startswith("usage: python -m ferroflask")


def test_version(installed: Environment) -> None:
    version = installed.run("-c", "import ferroflask; print(ferroflask.__version__)").stdout
    assert installed.run("-m", "ferroflask", "--version").stdout == f"ferroflask {version}"


def test_a_wheel_has_nothing_for_tests(installed: Environment) -> None:
    names = "print([name for name in ('parse_multipart', 'SessionKeys', 'escape') if hasattr(_core, name)])"
    assert installed.run("-c", f"from ferroflask import _core; {names}").stdout == "['escape']\n"


def test_check_changes_nothing_and_says_why(installed: Environment) -> None:
    ours = installed.run("-m", "ferroflask", "--check")
    assert ours.stdout == f"`import flask` brings ferroflask's: {installed.flask_file()}\n"

    path = str(installed.site_packages)
    stock = installed.site_packages / "flask" / "__init__.py"
    off = installed.run("-m", "ferroflask", "--check", check=False, FERROFLASK="0")
    assert (off.returncode, off.stdout) == (
        1,
        f"`import flask` brings stock Flask: {stock}\nReason: FERROFLASK=0 is set.\n",
    )
    no_hook = installed.run("-S", "-m", "ferroflask", "--check", check=False, PYTHONPATH=path)
    assert no_hook.returncode == 1
    assert no_hook.stdout.startswith(
        f"`import flask` brings stock Flask: {stock}\nReason: no start-up hook of ferroflask ran"
    )


def test_pyinstaller_finds_its_hook(installed: Environment) -> None:
    code = (
        "import importlib.metadata as metadata, os\n"
        "(found,) = metadata.entry_points(group='pyinstaller40', name='hook-dirs')\n"
        "print([name for folder in found.load()() for name in os.listdir(folder) if name.startswith('hook-')])"
    )
    assert installed.run("-c", code).stdout == "['hook-ferroflask.py']\n"


def test_serve_is_a_command(installed: Environment) -> None:
    through_module = installed.run("-m", "ferroflask", "serve", "--help")
    through_script = installed.call("ferroflask", "serve", "--help")
    assert "--workers" in through_module.stdout
    assert through_module.stdout.replace("python -m ferroflask", "ferroflask") == through_script.stdout


def test_flask_command_is_ours(installed: Environment, tmp_path: Path) -> None:
    (tmp_path / "small.py").write_text(
        "import sys\nfrom flask import Flask\napp = Flask(__name__)\n"
        "@app.cli.command()\ndef where():\n    print(sys.modules['flask.cli'].__file__)\n"
    )
    by_script = installed.call("flask", "--app", tmp_path / "small.py", "where").stdout
    by_module = installed.run("-m", "flask", "--app", tmp_path / "small.py", "where").stdout
    assert by_script == by_module
    assert Path(by_script.strip()).parts[-4:] == ("ferroflask", "api", "flask", "cli.py")


# What a program prints about the take-over: (settings, code, expected output).
IN_PROCESS = {
    "asked before flask is imported": ({}, "import ferroflask; print(ferroflask.active())", "True"),
    "stock was imported first": (
        {"FERROFLASK": "0"},
        "import flask, os; del os.environ['FERROFLASK']\nimport warnings; warnings.simplefilter('ignore')\n"
        "import ferroflask; print(ferroflask.active(), 'ferroflask' in flask.__file__)",
        "False False",
    ),
    "asked after": ({}, "import flask, ferroflask; print(ferroflask.active())", "True"),
    "install() again": ({}, "import ferroflask; print(ferroflask.install(), ferroflask.install())", "True True"),
    "no second finder": (
        {},
        "import ferroflask, sys; print(sum('ferroflask' in str(getattr(f, '__module__', '')) for f in sys.meta_path))",
        "1",
    ),
    "switched off": (
        {"FERROFLASK": "0"},
        "import ferroflask, flask; print(ferroflask.active(), ferroflask.install())",
        "False False",
    ),
    "switched off, nothing of ours is loaded": (
        {"FERROFLASK": "0"},
        "import flask, sys; print([name for name in sys.modules if name.startswith('ferroflask')])",
        "[]",
    ),
    "switched off by the program itself": (
        {},
        "import os; os.environ['FERROFLASK'] = '0'\nimport flask; print('ferroflask' in flask.__file__)",
        "False",
    ),
    "looked up without importing": (
        {},
        "import sys, importlib.util as u; print('ferroflask' in u.find_spec('flask').origin)\n"
        "print([name for name in sys.modules if name in ('flask', 'ferroflask._core')])",
        "True\n[]",
    ),
    "another name is left alone": ({}, "import importlib.util as u; print(u.find_spec('flask_of_nobody'))", "None"),
    "resources": ({}, "import importlib.resources as r; print((r.files('flask') / 'cli.py').is_file())", "True"),
}


@pytest.mark.parametrize("case", IN_PROCESS)
def test_in_process(installed: Environment, case: str) -> None:
    settings, code, expected = IN_PROCESS[case]
    done = installed.run("-W", "error", "-c", code, **settings)
    assert (done.stdout.strip(), done.stderr) == (expected, "")


def test_a_folder_of_the_same_name_does_not_win(installed: Environment, tmp_path: Path) -> None:
    """Stock in a folder ahead of site-packages (a checkout, a vendored copy) is passed over too."""
    (tmp_path / "flask").mkdir()
    (tmp_path / "flask" / "__init__.py").write_text("")
    assert installed.has_ours(PYTHONPATH=str(tmp_path))


def test_too_late(installed: Environment) -> None:
    settings = {"PYTHONPATH": str(installed.site_packages)}
    code = (
        "import flask, ferroflask\n"
        "try:\n    ferroflask.install()\nexcept RuntimeError as error:\n    print(ferroflask.active(), error)"
    )
    done = installed.run("-S", "-c", code, **settings)
    assert done.stdout.startswith("False 'flask' was already imported from")
    assert "RuntimeWarning: 'flask' was already imported from" in done.stderr


def test_hook_loads_nothing_else(installed: Environment) -> None:
    """Every Python program pays for the hook, so it may bring no module that start-up has not loaded anyway."""
    code = "import sys; print(*sorted(sys.modules))"
    hook = installed.site_packages / "_ferroflask_hook.pth"
    with_hook = set(installed.run("-c", code).stdout.split())
    hook.rename(hook.with_suffix(".off"))
    try:
        without = set(installed.run("-c", code).stdout.split())
    finally:
        hook.with_suffix(".off").rename(hook)
    # Python 3.13 reads the first .pth file of an environment, whosever it is, with that codec.
    assert with_hook - without - {"encodings.utf_8_sig"} == {"_ferroflask_hook"}


def test_spawned_processes_have_it_too(installed: Environment, tmp_path: Path) -> None:
    program = tmp_path / "spawning.py"
    program.write_text(
        "import multiprocessing\n"
        "def where():\n    import flask\n    print('ferroflask' in flask.__file__)\n"
        "if __name__ == '__main__':\n"
        "    child = multiprocessing.get_context('spawn').Process(target=where)\n    child.start()\n    child.join()\n"
    )
    assert installed.run(program).stdout == "True\n"
