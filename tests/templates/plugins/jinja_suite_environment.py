"""A pytest plugin that puts our environment and our templates where the tests of Jinja2's suite name Jinja2's.

The names are replaced in the test modules and in the conftest, after they were imported: Jinja2's own modules stay as
they are shipped. With JINJA_SUITE_SIDE=plain it does nothing, so that the same command gives the result of Jinja2.

At the end of the session the number of our environments is added to the report that `upstream_witness` has written.
"""

from __future__ import annotations

import inspect
import json
import os
import typing as t
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType

import jinja2
import pytest
from flask import Flask
from flask.templating import Environment, Template

# The parameters of Jinja2's environment, in their order: ours has the application before them.
PARAMETERS = list(inspect.signature(jinja2.Environment.__init__).parameters)[1:]
PLAIN = os.environ.get("JINJA_SUITE_SIDE") == "plain"
made = 0


class SuiteEnvironment(Environment):
    """Our environment with the signature of Jinja2's; it has no loader unless the test gives one."""

    def __init__(self, *args: t.Any, **options: t.Any) -> None:
        global made
        made += 1
        named = dict(zip(PARAMETERS, args, strict=False))
        super().__init__(Flask("suite"), **{"loader": None, **named, **options})


class SuiteTemplate(Template):
    """Our template; made of a text alone, it belongs to our environment."""

    environment_class = SuiteEnvironment


REPLACED = {jinja2.Environment: SuiteEnvironment, jinja2.Template: SuiteTemplate}


def replace_names(module: ModuleType) -> None:
    """Replace Jinja2's classes among the names of a module and of its classes."""
    holders = [module, *(value for value in vars(module).values() if inspect.isclass(value))]
    for holder in holders:
        if getattr(holder, "__module__", module.__name__) != module.__name__:
            continue
        for name, value in list(vars(holder).items()):
            if inspect.isclass(value) and value in REPLACED:
                setattr(holder, name, REPLACED[value])


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    if PLAIN:
        return
    modules = {item.module for item in items if isinstance(item, pytest.Function)}
    conftests = {plugin for plugin in config.pluginmanager.get_plugins() if isinstance(plugin, ModuleType)}
    for module in modules | {plugin for plugin in conftests if plugin.__name__.endswith("conftest")}:
        replace_names(module)


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_sessionfinish() -> Iterator[None]:
    yield
    path = Path(os.environ["UPSTREAM_REPORT"])
    path.write_text(
        json.dumps({**json.loads(path.read_text(encoding="utf-8")), "environments": made}), encoding="utf-8"
    )
