"""Former names before `import flask`, which only the start-up hook can serve, and after it where no hook ran."""

from __future__ import annotations

import subprocess
import sys

import pytest

IMPORTS = """
from jinja2 import Markup, contextfilter
from werkzeug.contrib.fixers import ProxyFix
from werkzeug.contrib.cache import SimpleCache
from werkzeug import secure_filename
from werkzeug.urls import url_parse
from werkzeug.security import safe_str_cmp, generate_password_hash
from werkzeug.wrappers.base_response import BaseResponse
from werkzeug.exceptions import NotFound
from itsdangerous import TimedJSONWebSignatureSerializer
from markupsafe import soft_unicode
NotFound.wrap(KeyError)
generate_password_hash("x", method="sha256")
"""
SAYS = "import flask, sys; print(flask.__file__.count('ferroflask'), 'flask' in sys.modules)"


def run(source: str, *options: str, **env: str) -> str:
    done = subprocess.run([sys.executable, *options, "-c", source], env=env, capture_output=True, text=True, check=True)
    return done.stdout.strip()


def hook_is_installed() -> bool:
    return run("import sys; print('_ferroflask_hook' in sys.modules)") == "True"


def test_before_flask() -> None:
    if not hook_is_installed():
        pytest.skip("this interpreter has no start-up hook")
    assert run(f"{IMPORTS}import sys; assert 'flask' not in sys.modules\n{SAYS}") == "1 True"


def test_after_flask() -> None:
    assert run(f"import ferroflask, flask\n{IMPORTS}{SAYS}") == "1 True"


def test_libraries_loaded_before_anything_of_ours() -> None:
    loaded = "import werkzeug.contrib" if hook_is_installed() else "import werkzeug, jinja2, itsdangerous, blinker"
    assert run(f"{loaded}\nimport ferroflask, flask\n{IMPORTS}{SAYS}") == "1 True"


def test_warnings_point_at_the_program(tmp_path: object) -> None:
    if not hook_is_installed():
        pytest.skip("this interpreter has no start-up hook")
    program = f"{tmp_path}/program.py"
    with open(program, "w") as file:
        file.write("\nfrom jinja2 import Markup\nfor _ in range(3):\n    from flask import escape\n")
    done = subprocess.run([sys.executable, program], env={}, capture_output=True, text=True, check=True)
    lines = [line for line in done.stderr.splitlines() if "DeprecationWarning" in line]
    assert [line.partition(" ")[0] for line in lines] == [f"{program}:2:", f"{program}:4:"]


def test_the_libraries_keep_their_loaders_and_files() -> None:
    source = """
import flask, werkzeug.urls, jinja2.utils, importlib.resources, pkgutil, inspect
print(type(werkzeug.urls.__loader__).__name__, "exec_module" in vars(werkzeug.urls.__loader__))
print(len(inspect.getsource(jinja2.utils)) > 1000, pkgutil.get_data("werkzeug", "py.typed"))
"""
    assert run(source).splitlines() == ["SourceFileLoader False", "True b''"]


def test_stock_flask_has_no_former_names() -> None:
    source = "import flask\ntry:\n    flask.escape\nexcept AttributeError:\n    print('gone')"
    if hook_is_installed():
        assert run(source, FERROFLASK="0") == "gone"
