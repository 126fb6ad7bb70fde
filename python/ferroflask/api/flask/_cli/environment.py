"""What the command line reads from its surroundings and says about itself: dotenv files, the start banner, the
versions.

Knows the process environment and the terminal. It must not know apps or commands.
"""

from __future__ import annotations

import os
import platform
import typing as t

import click

from ferroflask._core import __version__

_DEFAULT_FILES = (".flaskenv", ".env")


def load_dotenv(path: str | os.PathLike[str] | None = None, load_defaults: bool = True) -> bool:
    """Set environment variables from dotenv files, which are UTF-8. What the environment has already is never changed.

    Without python-dotenv nothing is loaded, and a hint is printed if there are files.

    Args:
        path: a file that goes before the others, or None.
        load_defaults: whether `.env` and `.flaskenv` are read, from the nearest folder upwards that has them; the first
            goes before the second.

    Returns whether any file had a variable.
    """
    try:
        import dotenv
    except ImportError:
        if path or any(map(os.path.isfile, _DEFAULT_FILES)):
            tip = " * Tip: There are .env files present. Install python-dotenv to use them."
            click.secho(tip, fg="yellow", err=True)
        return False

    files: list[str | os.PathLike[str]] = []
    if load_defaults:
        # find_dotenv answers with an empty string when there is no such file.
        files += filter(None, (dotenv.find_dotenv(name, usecwd=True) for name in _DEFAULT_FILES))
    if path is not None and os.path.isfile(path):
        files.append(path)

    values: dict[str, str | None] = {}
    for file in files:
        values.update(dotenv.dotenv_values(file, encoding="utf-8"))

    for name, value in values.items():
        if value is not None:
            os.environ.setdefault(name, value)
    return len(values) > 0


def show_server_banner(debug: bool, app_import_path: str | None) -> None:
    """Print which application is served and whether debug mode is on; nothing in the child process of the reloader.

    Args:
        debug: whether debug mode is on; None leaves the line out.
        app_import_path: the name of the application; None leaves the line out.
    """
    from .. import cli as front

    if front.is_running_from_reloader():
        return
    state = "on" if debug else "off"
    if app_import_path is not None:
        click.echo(f" * Serving Flask app '{app_import_path}'")
    if debug is not None:
        click.echo(f" * Debug mode: {state}")
    click.echo(f" * Engine: ferroflask {__version__}")


def get_version(ctx: click.Context, param: click.Parameter, value: t.Any) -> None:
    """Print the versions of Python, Flask, Werkzeug and ferroflask, and end the command: the callback of `--version`.

    Flask's distribution may have been uninstalled: this package goes on without it.

    Args:
        ctx: Click's context.
        param: the option.
        value: whether the option was given.
    """
    if ctx.resilient_parsing or not value:
        return
    # Reading distribution metadata costs an import of the email parser.
    from importlib.metadata import PackageNotFoundError, version

    lines = [f"Python {platform.python_version()}"]
    for name in ("Flask", "Werkzeug"):
        try:
            lines.append(f"{name} {version(name.lower())}")
        except PackageNotFoundError:
            lines.append(f"{name} is not installed")
    lines.append(f"ferroflask {__version__}")
    click.echo("\n".join(lines), color=ctx.color)
    ctx.exit()


def _path_is_ancestor(path: str, other: str) -> bool:
    """True if `other` is spelled as something below `path`. Purely textual: no link or `..` is resolved."""
    below = other[len(path) :].lstrip(os.sep)
    return other == os.path.join(path, below)
