"""The options of `ferroflask serve`, made from the table of settings. Must not know what any of them is for."""

from __future__ import annotations

import dataclasses
import typing as t

import click

from ferroflask.dev_server.settings import ServerSettings

#: What click needs to know for each kind of setting.
KINDS: dict[str, dict[str, t.Any]] = {
    "text": {"show_default": True},
    "count": {"show_default": True, "type": click.IntRange(min=1)},
    "seconds": {"show_default": True, "type": click.FloatRange(min=0)},
    "interval": {"type": click.FloatRange(min=0, min_open=True)},
    "lines": {"flag_value": "lines"},
    "switch": {"show_default": True},
}

F = t.TypeVar("F", bound=t.Callable[..., t.Any])


def setting_options(command: F) -> F:
    """Give a command an option for each setting that has one, in the order of the table."""
    for field in reversed(dataclasses.fields(ServerSettings)):
        if field.metadata:
            name, kind = field.name.replace("_", "-"), field.metadata["kind"]
            names = (*field.metadata["short"], f"--{name}/--no-{name}" if kind == "switch" else f"--{name}")
            more = KINDS[kind]
            command = click.option(*names, default=field.default, help=field.metadata["help"], **more)(command)
    return command
