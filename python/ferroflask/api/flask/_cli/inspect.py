"""`flask shell` and `flask routes`: looking at an app from the terminal.

Knows the app's public surface only. It must not know how apps are found or served.
"""

from __future__ import annotations

import os
import sys
import typing as t
from contextlib import suppress

import click

from ..globals import current_app
from .script import with_appcontext

if t.TYPE_CHECKING:
    from collections.abc import Callable

    from werkzeug.routing import Rule


@click.command(
    "shell",
    short_help="Run a shell in the app context.",
    help="Start an interactive Python with the application's context pushed.\n\n"
    "Its namespace is what the application and its shell context processors provide. Handy for trying out a line of"
    " code without any setting up.",
)
@with_appcontext
def shell_command() -> None:
    import code

    banner = (
        f"Python {sys.version} on {sys.platform}",
        f"App: {current_app.import_name}",
        f"Instance: {current_app.instance_path}",
    )
    namespace: dict[str, t.Any] = {}
    _run_startup_file(namespace)
    namespace.update(current_app.make_shell_context())
    _prepare_line_editing(namespace)
    code.interact(banner="\n".join(banner), local=namespace)


def _run_startup_file(namespace: dict[str, t.Any]) -> None:
    """Run the file that PYTHONSTARTUP names in `namespace`, as a plain interactive Python would."""
    path = os.environ.get("PYTHONSTARTUP")
    if path and os.path.isfile(path):
        with open(path) as file:
            exec(compile(file.read(), path, "exec"), namespace)


def _prepare_line_editing(namespace: dict[str, t.Any]) -> None:
    """Call the interpreter's interactive hook (readline, history), with completion looking into `namespace`."""
    hook: Callable[[], object] | None = getattr(sys, "__interactivehook__", None)
    if hook is None:
        return
    with suppress(ImportError):
        import readline
        import rlcompleter

        # Before the hook, which leaves a completer alone that is already set. Its own would complete names of __main__.
        readline.set_completer(rlcompleter.Completer(namespace).complete)
    hook()


# A column of the table: its name for --sort, its heading, and the text of a rule in it.
_Column = tuple[str, str, "Callable[[Rule], str]"]


@click.command("routes", short_help="Show the routes for the app.", help="List all routes with endpoints and methods.")
@click.option(
    "--sort",
    "-s",
    default="endpoint",
    type=click.Choice(("endpoint", "methods", "domain", "rule", "match")),
    help="What to sort by; 'match' keeps the order in which Flask tries the routes for a request.",
)
@click.option("--all-methods", is_flag=True, help="Show HEAD and OPTIONS too.")
@with_appcontext
def routes_command(sort: str, all_methods: bool) -> None:
    url_map = current_app.url_map
    rules = [*url_map.iter_rules()]
    if not rules:
        click.echo("No routes were registered.")
        return

    columns = _columns(rules, url_map.host_matching, all_methods)
    lines = [[text(rule) for _, _, text in columns] for rule in rules]
    keys = [key for key, _, _ in columns]
    if sort in keys:
        by = keys.index(sort)
        lines.sort(key=lambda line: line[by])

    table = [[heading for _, heading, _ in columns], *lines]
    widths = [max(map(len, column)) for column in zip(*table, strict=True)]
    table.insert(1, ["-" * width for width in widths])
    for line in table:
        click.echo("  ".join(cell.ljust(width) for cell, width in zip(line, widths, strict=True)))


def _columns(rules: list[Rule], host_matching: bool, all_methods: bool) -> list[_Column]:
    """Choose the columns for `rules`. Hosts or subdomains have one only if some rule has one."""
    hidden = frozenset() if all_methods else frozenset({"HEAD", "OPTIONS"})

    def methods(rule: Rule) -> str:
        return ", ".join(sorted((rule.methods or set()) - hidden))

    def domain(rule: Rule) -> str:
        return (rule.host if host_matching else rule.subdomain) or ""

    columns: list[_Column] = [("endpoint", "Endpoint", lambda rule: rule.endpoint), ("methods", "Methods", methods)]
    if any(map(domain, rules)):
        columns.append(("domain", "Host" if host_matching else "Subdomain", domain))
    columns.append(("rule", "Rule", lambda rule: rule.rule))
    return columns
