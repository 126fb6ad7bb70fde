"""The options of `ferroflask serve` come from the table of settings, and set what they are named for."""

from __future__ import annotations

import dataclasses
import typing as t

import click
import pytest

from ferroflask.cli.command import serve_command
from ferroflask.dev_server.settings import ServerSettings


def parsed(*arguments: str) -> ServerSettings:
    options = serve_command.make_context("serve", ["module:app", *arguments]).params
    return ServerSettings(**{name: value for name, value in options.items() if name != "app"})


def test_without_options_all_settings_are_as_the_table_has_them() -> None:
    assert parsed() == ServerSettings()


@pytest.mark.parametrize(
    ("arguments", "changed"),
    [
        ("-b :80 -w 2 -t 0", {"bind": ":80", "workers": 2, "timeout": 0}),
        ("--threads 1 --graceful-timeout 0.5 --keep-alive 1", {"threads": 1, "graceful_timeout": 0.5, "keep_alive": 1}),
        ("--header-timeout 2 --body-timeout 3", {"header_timeout": 2, "body_timeout": 3}),
        ("--write-timeout 4 --switch-interval 0.1", {"write_timeout": 4, "switch_interval": 0.1}),
        ("--limit-request-line 5 --limit-request-fields 6", {"limit_request_line": 5, "limit_request_fields": 6}),
        ("--limit-request-head 7 --access-log", {"limit_request_head": 7, "access_log": "lines"}),
        ("--no-gc-freeze", {"gc_freeze": False}),
        ("--no-gc-freeze --gc-freeze", {"gc_freeze": True}),
    ],
)
def test_an_option_sets_the_setting_of_its_name(arguments: str, changed: dict[str, t.Any]) -> None:
    assert parsed(*arguments.split()) == dataclasses.replace(ServerSettings(), **changed)


@pytest.mark.parametrize(
    "arguments", ["-w 0", "--threads x", "--keep-alive -1", "--switch-interval 0", "--access-log 1"]
)
def test_values_that_make_no_sense_are_refused(arguments: str) -> None:
    with pytest.raises(click.UsageError):
        parsed(*arguments.split())
