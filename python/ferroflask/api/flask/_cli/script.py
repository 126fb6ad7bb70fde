"""What commands share: the script info that loads the app once, the application context round a command, the group
class.

Knows how a command gets its app. It must not know which commands or options exist.
"""

from __future__ import annotations

import typing as t
from functools import update_wrapper

import click

from ferroflask.app_reference import split_name

from ..globals import current_app
from ..helpers import get_load_dotenv
from .loading import NoAppException, script_info_in_use

if t.TYPE_CHECKING:
    from ..app import Flask

F = t.TypeVar("F", bound=t.Callable[..., t.Any])

_DEFAULT_FILES = ("wsgi.py", "app.py")


class ScriptInfo:
    """The object every command finds in `ctx.obj`: which application is meant, and that application once it is loaded.

    Args:
        app_import_path: where the application is, as `module:name`.
        create_app: a function without parameters that returns it, in place of an import.
        set_debug_flag: whether `FLASK_DEBUG` decides the debug mode of the application.
        load_dotenv_defaults: whether .env and .flaskenv are to be read; `FLASK_SKIP_DOTENV` can forbid it.

    `data` is a dict that is free for any use.
    """

    __module__ = "flask.cli"

    def __init__(
        self,
        app_import_path: str | None = None,
        create_app: t.Callable[..., Flask] | None = None,
        set_debug_flag: bool = True,
        load_dotenv_defaults: bool = True,
    ) -> None:
        self.app_import_path, self.create_app = app_import_path, create_app
        self.set_debug_flag = set_debug_flag
        self.load_dotenv_defaults = get_load_dotenv(load_dotenv_defaults)
        self.data: dict[t.Any, t.Any] = {}
        self._loaded_app: Flask | None = None

    def load_app(self) -> Flask:
        """Return the application, loading it at the first call.

        Raises:
            NoAppException: there is none to load.
        """
        from .. import cli as front

        if self._loaded_app is None:
            token = script_info_in_use.set(self)
            try:
                app = self._find_app()
            finally:
                script_info_in_use.reset(token)
            if self.set_debug_flag:
                # Through the property, which also updates what depends on debug mode.
                app.debug = front.get_debug_flag()
            self._loaded_app = app
        return self._loaded_app

    def _find_app(self) -> Flask:
        from .. import cli as front

        app: Flask | None = None
        if self.create_app is not None:
            app = self.create_app()
        elif self.app_import_path:
            path, name = split_name(self.app_import_path)
            app = front.locate_app(front.prepare_import(path), name)
        else:
            tries = (front.locate_app(front.prepare_import(file), None, False) for file in _DEFAULT_FILES)
            app = next((found for found in tries if found is not None), None)

        if app is None:
            raise NoAppException(
                "Could not locate a Flask application. Use the 'flask --app' option, 'FLASK_APP' environment variable,"
                " or a 'wsgi.py' or 'app.py' file in the current directory."
            )
        return app


pass_script_info = click.make_pass_decorator(ScriptInfo, ensure=True)


def active_app() -> Flask | None:
    """The application whose context is active, itself and not the proxy; None outside of any context."""
    proxy: t.Any = current_app
    return t.cast("Flask", proxy._get_current_object()) if proxy else None


def with_appcontext(f: F) -> F:
    """Make a Click command run in an application context, so that `current_app` and `g` can be used.

        @click.command("init-db")
        @with_appcontext
        def init_db(): ...

    The application is loaded if no context is current. The context lasts as long as Click's. Commands made with
    `app.cli.command` have it without this.

    Args:
        f: the function of the command.
    """

    @click.pass_context
    def in_app_context(ctx: click.Context, /, *args: t.Any, **kwargs: t.Any) -> t.Any:
        if active_app() is None:
            ctx.with_resource(ctx.ensure_object(ScriptInfo).load_app().app_context())
        return ctx.invoke(f, *args, **kwargs)

    return t.cast(F, update_wrapper(in_app_context, f))


class AppGroup(click.Group):
    """A Click group whose commands run in an application context; its subgroups are of this class too.

    Its parameters are those of `click.Group`.
    """

    __module__ = "flask.cli"

    def command(  # type: ignore[override]
        self, *args: t.Any, **kwargs: t.Any
    ) -> t.Callable[[t.Callable[..., t.Any]], click.Command]:
        """Decorate a function to become a command of the group.

            @app.cli.command("init-db")
            def init_db(): ...

        Args:
            args: those of `click.Group.command`: the name, by default the function's.
            kwargs: those of `click.Group.command`, and `with_appcontext=False` for a command that wants no application
                context.
        """
        in_context = kwargs.pop("with_appcontext", True)
        register = super().command

        def decorator(f: t.Callable[..., t.Any]) -> click.Command:
            make = register(*args, **kwargs)
            return t.cast(click.Command, make(with_appcontext(f) if in_context else f))

        return decorator

    def group(  # type: ignore[override]
        self, *args: t.Any, **kwargs: t.Any
    ) -> t.Callable[[t.Callable[..., t.Any]], click.Group]:
        """Decorate a function to become a subgroup of the group.

        Args:
            args: those of `click.Group.group`.
            kwargs: those of `click.Group.group`; `cls` is `AppGroup` unless given.
        """
        return t.cast(
            "t.Callable[[t.Callable[..., t.Any]], click.Group]", super().group(*args, **{"cls": AppGroup, **kwargs})
        )
