"""The `ferroflask` command: a group that knows its sub-commands and nothing of what they do."""

from __future__ import annotations

import click

from .command import serve_command


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(None, "-V", "--version", package_name="ferroflask", message="ferroflask %(version)s")
def group() -> None:
    """Flask with its request-time engine in Rust."""


group.add_command(serve_command)


def main() -> None:
    """Run the command line of this process."""
    group(prog_name="ferroflask")
