"""`FlaskGroup`: the group behind the `flask` script, with its options and the commands that plugins and the app add.

The options act in their callbacks, so that a user's own group callback never replaces them. Which built-in commands
exist is known here; what they do is not.
"""

from __future__ import annotations

import os
import traceback
import typing as t

import click
from click.core import ParameterSource

from .environment import get_version
from .loading import NoAppException
from .script import AppGroup, ScriptInfo, active_app

if t.TYPE_CHECKING:
    from ..app import Flask


def _set_app(ctx: click.Context, param: click.Option, value: str | None) -> str | None:
    if value is not None:
        ctx.ensure_object(ScriptInfo).app_import_path = value
    return value


def _set_debug(ctx: click.Context, param: click.Option, value: bool) -> bool | None:
    chosen = ctx.get_parameter_source(param.name or "")
    if chosen in (ParameterSource.DEFAULT, ParameterSource.DEFAULT_MAP):
        # Nobody said anything: the environment keeps its word.
        return None
    # An environment variable, since a factory may read debug mode before there is an app to set it on.
    os.environ["FLASK_DEBUG"] = str(int(value))
    return value


def _env_file_callback(ctx: click.Context, param: click.Option, value: str | None) -> str | None:
    from .. import cli as front

    if value is not None and not _dotenv_installed():
        raise click.BadParameter("python-dotenv must be installed to load an env file.", ctx=ctx, param=param)
    defaults: bool = ctx.obj.load_dotenv_defaults
    if defaults or value is not None:
        front.load_dotenv(value, load_defaults=defaults)
    return value


def _dotenv_installed() -> bool:
    try:
        import dotenv  # noqa: F401
    except ImportError:
        return False
    return True


# Eager, because the app's own commands must be known when --help lists them.
_app_option = click.Option(
    ["-A", "--app"],
    callback=_set_app,
    expose_value=False,
    is_eager=True,
    metavar="IMPORT",
    help="Where to find the Flask application or its factory, as 'module:name'. The module is a dotted name or a file."
    " The name may be left out if it is 'app', 'application', 'create_app', or 'make_app'; a factory takes arguments as"
    " 'name(args)'.",
)

# Eager, and always first: what the file sets may decide the options after it.
_env_file_option = click.Option(
    ["-e", "--env-file"],
    callback=_env_file_callback,
    expose_value=False,
    is_eager=True,
    type=click.Path(exists=True, dir_okay=False),
    help="Read environment variables from this file. It overrules '.env' and '.flaskenv'; what is set already overrules"
    " all of them. Needs python-dotenv.",
)

_debug_option: click.Option = click.Option(
    ["--debug/--no-debug"], callback=_set_debug, expose_value=False, help="Turn debug mode on or off."
)

version_option = click.Option(
    ["--version"],
    callback=get_version,
    expose_value=False,
    is_eager=True,
    is_flag=True,
    help="Print the versions of Python, Flask, Werkzeug and ferroflask.",
)


class FlaskGroup(AppGroup):
    """The group behind the command `flask`, for programs that make one of their own.

        @click.group(cls=FlaskGroup, create_app=create_app)
        def cli(): ...

    Beside its own commands it offers those of the application and of plugins (entry points in the group
    `flask.commands`).

    Args:
        add_default_commands: whether run, shell and routes are added.
        create_app: a function that returns the application; without it the application comes from `--app`.
        add_version_option: whether `--version` is added.
        load_dotenv: whether .env and .flaskenv are read into the environment.
        set_debug_flag: whether `FLASK_DEBUG` decides the debug mode of the application.
        extra: those of `click.Group`.
    """

    __module__ = "flask.cli"

    def __init__(
        self,
        add_default_commands: bool = True,
        create_app: t.Callable[..., Flask] | None = None,
        add_version_option: bool = True,
        load_dotenv: bool = True,
        set_debug_flag: bool = True,
        **extra: t.Any,
    ) -> None:
        options = [_env_file_option, _app_option, _debug_option]
        if add_version_option:
            options.append(version_option)
        extra["params"] = [*(extra.get("params") or ()), *options]
        extra.setdefault("context_settings", {}).setdefault("auto_envvar_prefix", "FLASK")
        super().__init__(**extra)

        self.create_app, self.load_dotenv, self.set_debug_flag = create_app, load_dotenv, set_debug_flag
        self._loaded_plugin_commands = False
        if add_default_commands:
            from . import inspect, run

            for command in (run.run_command, inspect.shell_command, inspect.routes_command):
                self.add_command(command)

    def _load_plugin_commands(self) -> None:
        if self._loaded_plugin_commands:
            return
        from importlib.metadata import entry_points

        for plugin in entry_points(group="flask.commands"):
            self.add_command(plugin.load(), plugin.name)
        self._loaded_plugin_commands = True

    def get_command(self, ctx: click.Context, name: str) -> click.Command | None:
        """Find a command: the group's own and the plugins' work without an application, then the application's.

        Args:
            ctx: Click's context, whose object loads the application.
            name: the name of the command.

        Returns None for a name that nothing has.
        """
        self._load_plugin_commands()
        if (command := super().get_command(ctx, name)) is not None:
            return command

        try:
            app = ctx.ensure_object(ScriptInfo).load_app()
        except NoAppException as problem:
            _show_problem(f"Error: {problem.format_message()}")
            return None

        if active_app() is not app:
            # From here on, so that parameter callbacks have the context too.
            ctx.with_resource(app.app_context())
        return app.cli.get_command(ctx, name)

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Return the names of all commands in alphabetical order.

        An application that fails to load costs a message, not the list.

        Args:
            ctx: Click's context, whose object loads the application.
        """
        self._load_plugin_commands()
        names = super().list_commands(ctx)
        try:
            app = ctx.ensure_object(ScriptInfo).load_app()
            names = [*names, *app.cli.list_commands(ctx)]
        except NoAppException as problem:
            _show_problem(f"Error: {problem.format_message()}")
        except Exception:
            _show_problem(traceback.format_exc())
        return sorted(set(names))

    def make_context(
        self, info_name: str | None, args: list[str], parent: click.Context | None = None, **extra: t.Any
    ) -> click.Context:
        """Make Click's context, with a new `ScriptInfo` as its object unless the caller brings one.

        Args:
            info_name: the name of the program.
            args: its arguments, a list of texts.
            parent: the context of the group above, or None.
            extra: what else Click's context takes.
        """
        # Makes `app.run()` at a module's top level do nothing: it would block the command that imports the module.
        os.environ["FLASK_RUN_FROM_CLI"] = "true"
        if not ("obj" in extra or "obj" in self.context_settings):
            extra["obj"] = ScriptInfo(None, self.create_app, self.set_debug_flag, self.load_dotenv)
        return super().make_context(info_name, args, parent=parent, **extra)

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Read the options from the arguments, as Click does.

        A bare `flask` or `flask --help` looks at FLASK_ENV_FILE and FLASK_APP before it lists commands.

        Args:
            ctx: Click's context.
            args: the arguments, a list of texts.
        """
        asks_for_help = len(args) == 1 and args[0] in self.get_help_option_names(ctx)
        if asks_for_help or (self.no_args_is_help and not args):
            # click prints the help before it would reach the options after --help.
            for option in (_env_file_option, _app_option):
                option.handle_parse_result(ctx, {}, [])
        return super().parse_args(ctx, args)


def _show_problem(text: str) -> None:
    click.secho(f"{text}\n", err=True, fg="red")
