"""What the flask command makes of every text that may name an application, and what it says of those that don't."""

from __future__ import annotations

import itertools
import os
import sys
import tempfile
from pathlib import Path

from flask import Flask
from flask.cli import NoAppException, ScriptInfo, find_app_by_string, prepare_import

MODULE = """
from flask import Flask
app = Flask("app")
other = "no application"
def make(*args, **kwargs):
    return Flask(f"made{len(args)}{sorted(kwargs)}")
def one(argument):
    return Flask("one")
def broken():
    raise TypeError("of its own")
class site:
    app = app
"""

FUNCTIONS = [
    "app",
    "other",
    "make",
    "one",
    "broken",
    "site",
    "site.app",
    "missing",
    "make()",
    "make.more",
    "1",
    "'app'",
    "",
]
CALLS = [
    "",
    "()",
    "(1)",
    "(1, 'a', None)",
    "(key=[1, {2: (3,)}])",
    "(-1.5)",
    "(name)",
    "(f())",
    "(key=name)",
    "(1 + 1)",
]
CALLS += ["(", ")", "[0]", " ", "(*[1])", "()()", ";", "\n"]


def said(text: str) -> str:
    """Return the application of a text, or how it is refused, without the folder."""
    try:
        return f"application {ScriptInfo(app_import_path=text).load_app().name}"
    except (NoAppException, TypeError, ValueError, SyntaxError) as error:
        what = error.message if isinstance(error, NoAppException) else str(error)
        return f"{type(error).__name__} {what} {type(error.__cause__).__name__}"


def main() -> None:
    folder = Path(tempfile.mkdtemp()).resolve() / "here"
    folder.mkdir()
    os.chdir(folder)
    (folder / "served.py").write_text(MODULE)
    package = folder / "package" / "inner"
    package.mkdir(parents=True)
    for place in (package.parent, package):
        (place / "__init__.py").write_text("from flask import Flask\napplication = Flask(__name__)\n")
    (folder / "linked.py").symlink_to("served.py")
    for function, call in itertools.product(FUNCTIONS, CALLS):
        print(repr(function + call), said(f"served:{function}{call}"))
    paths = [
        "served.py",
        "./served",
        "package",
        "package/__init__.py",
        "package.inner",
        "package/inner",
        "linked",
        "linked.py",
    ]
    for path in [*paths, "package/inner/__init__.py", "nowhere", "nowhere.py", "C:\\served", "C:/served", ""]:
        before = list(sys.path)
        print(path, prepare_import(path).replace(str(folder), "HERE"), sys.path[0].replace(str(folder.parent), "ABOVE"))
        sys.path[:] = before
        print(path, said(path), said(f"{path}:app"), said(f"{path}:"))
    import served

    print(isinstance(find_app_by_string(served, " make( ) "), Flask))


main()
