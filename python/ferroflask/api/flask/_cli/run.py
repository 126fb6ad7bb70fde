"""`flask run`: its options, its parameter types, and the call that starts the development server.

Knows what to pass to `run_simple`. It must not know how a server serves, or which one it is.
"""

from __future__ import annotations

import os
import traceback
import typing as t

import click
from werkzeug.utils import import_string

from .._run_simple import current_run_simple
from .group import _debug_option
from .script import ScriptInfo, pass_script_info

if t.TYPE_CHECKING:
    import ssl
    from collections.abc import Iterable

    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

    Certificate = ssl.SSLContext | tuple[str, str | None] | t.Literal["adhoc"]
    _CertificateParam = click.ParamType[Certificate]
else:
    # Only newer versions of click have it generic.
    _CertificateParam = click.ParamType

_EXISTING_FILE = click.Path(exists=True, dir_okay=False, resolve_path=True)


class CertParamType(_CertificateParam):
    """The value of `--cert`: an existing file, the word 'adhoc', or the import name of an `ssl.SSLContext`."""

    __module__ = "flask.cli"
    name = "path"

    def __init__(self) -> None:
        self.path_type = _EXISTING_FILE

    def convert(self, value: t.Any, param: click.Parameter | None, ctx: click.Context | None) -> t.Any:
        """Return the file's resolved path, 'adhoc', or the SSL context; anything else is a usage error.

        Args:
            value: what was written after `--cert`.
            param: the parameter, for the error.
            ctx: Click's context, for the error.
        """
        context_class = _ssl_context_class()
        if context_class is None:
            raise click.BadParameter('Using "--cert" requires Python to be compiled with SSL support.', ctx, param)

        try:
            return self.path_type(value, param, ctx)
        except click.BadParameter as not_a_file:
            word = click.STRING(value, param, ctx).lower()
            if word == "adhoc":
                return self._adhoc(param, ctx)
            imported = import_string(word, silent=True)
            if not isinstance(imported, context_class):
                raise not_a_file
            return imported

    @staticmethod
    def _adhoc(param: click.Parameter | None, ctx: click.Context | None) -> str:
        try:
            import cryptography  # noqa: F401
        except ImportError:
            problem = "Using ad-hoc certificates requires the cryptography library."
            raise click.BadParameter(problem, ctx, param) from None
        return "adhoc"


class SeparatedPathType(click.Path):
    """Several paths in one value, separated like those in PATH. Its parameters are those of `click.Path`."""

    __module__ = "flask.cli"

    def convert(self, value: t.Any, param: click.Parameter | None, ctx: click.Context | None) -> t.Any:
        """Return the list of paths, each checked as `click.Path` checks one.

        Args:
            value: the text, or a list of paths.
            param: the parameter, for the error.
            ctx: Click's context, for the error.
        """
        convert_one = super().convert
        return [convert_one(path, param, ctx) for path in self.split_envvar_value(value)]


def _ssl_context_class() -> type[ssl.SSLContext] | None:
    """`ssl.SSLContext`, or None in a Python that was built without SSL."""
    try:
        import ssl
    except ImportError:
        return None
    return ssl.SSLContext


def _validate_key(ctx: click.Context, param: click.Parameter, value: t.Any) -> t.Any:
    """Check `--key` against `--cert`: a certificate file needs one, everything else refuses one.

    For a file the parameter `cert` becomes the pair `(cert, key)`.
    """
    cert = ctx.params.get("cert")
    context_class = _ssl_context_class()
    is_context = context_class is not None and isinstance(cert, context_class)
    is_file = bool(cert) and cert != "adhoc" and not is_context

    if value is None:
        if is_file:
            raise click.BadParameter('Required when using "--cert".', ctx, param)
        return value
    if is_file:
        ctx.params["cert"] = cert, value
        return value

    if is_context:
        problem = 'When "--cert" is an SSLContext object, "--key" is not used.'
    elif cert:
        problem = 'When "--cert" is "adhoc", "--key" is not used.'
    else:
        problem = '"--cert" must also be specified.'
    raise click.BadParameter(problem, ctx, param)


def _loaded_or_failing(info: ScriptInfo) -> WSGIApplication:
    """Load the app. In the reloader's child a failure becomes an app that raises it for every request.

    So a mistake in the code shows in the browser, and the next edit is still noticed. Elsewhere the exception is
    raised.
    """
    from .. import cli as front

    try:
        return info.load_app()
    except Exception as error:
        if not front.is_running_from_reloader():
            raise error from None
        traceback.print_exc()
        failure = error

    def failing_app(environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        raise failure from None

    return failing_app


_PATH_LIST = f"Several are separated by {os.pathsep!r}."


@click.command(
    "run",
    short_help="Run a development server.",
    help="Serve the application on this machine while you develop it.\n\n"
    "Do not use this server in production: it is made neither for load nor for hostile clients. '--debug' also turns on"
    " the reloader and the debugger.",
)
@click.option("--host", "-h", default="127.0.0.1", help="The interface to bind to.")
@click.option("--port", "-p", default=5000, help="The port to bind to.")
@click.option("--cert", type=CertParamType(), is_eager=True, help="Serve HTTPS with this certificate file.")
@click.option(
    "--key", type=_EXISTING_FILE, callback=_validate_key, expose_value=False, help="The certificate's key file."
)
@click.option(
    "--reload/--no-reload", default=None, help="Restart when code changes, or don't; follows debug mode by default."
)
@click.option(
    "--debugger/--no-debugger",
    default=None,
    help="Show errors in a debugger, or don't; follows debug mode by default.",
)
@click.option(
    "--with-threads/--without-threads", default=True, help="Serve each request in a thread of its own, or one by one."
)
@click.option("--extra-files", type=SeparatedPathType(), help=f"More files to restart for. {_PATH_LIST}")
@click.option(
    "--exclude-patterns", type=SeparatedPathType(), help=f"fnmatch patterns of files not to restart for. {_PATH_LIST}"
)
@pass_script_info
def run_command(
    info: ScriptInfo,
    host: str,
    port: int,
    reload: bool | None,
    debugger: bool | None,
    with_threads: bool,
    cert: Certificate | None,
    extra_files: list[str] | None,
    exclude_patterns: list[str] | None,
) -> None:
    from .. import cli as front

    app = _loaded_or_failing(info)
    debug = front.get_debug_flag()
    front.show_server_banner(debug, info.app_import_path)
    serve = current_run_simple(front.run_simple)
    serve(
        host,
        port,
        app,
        ssl_context=cert,
        threaded=with_threads,
        use_debugger=debug if debugger is None else debugger,
        use_reloader=debug if reload is None else reload,
        exclude_patterns=exclude_patterns,
        extra_files=extra_files,
    )


run_command.params.insert(0, _debug_option)
