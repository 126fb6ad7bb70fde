"""`ferroflask serve`: from its arguments to running processes. Must not know how processes are looked after."""

from __future__ import annotations

import typing as t

import click

from ferroflask.dev_server.settings import ServerSettings

from .app_loader import AppNotFound, load_app
from .bind import Address, BadAddress
from .options import setting_options
from .supervisor import supervise
from .worker import run_worker


@click.command("serve", short_help="Run a production server.")
@click.argument("app", metavar="MODULE:APP")
@setting_options
def serve_command(app: str, **options: t.Any) -> None:
    """Serve a WSGI application: MODULE:NAME, MODULE:FACTORY, MODULE:FACTORY(ARGUMENTS) or just MODULE.

    SIGTERM ends it when the requests in progress are answered, Ctrl-C at once.
    """
    settings = ServerSettings(**options)
    try:
        address = Address(settings.bind)
        if settings.workers == 1:
            # Before the port is taken: an application that can't be imported must not look like a running server.
            application = load_app(app)
            listeners = address.open(1)
        else:
            listeners = address.open(settings.workers)
    except (AppNotFound, BadAddress) as error:
        raise click.ClickException(str(error)) from None

    click.echo(f"ferroflask serves {app} on {address}: {_summary(settings)}. Press CTRL+C to quit.", err=True)
    if settings.workers == 1:
        run_worker(settings, address, listeners[0], application, cleans_up=True)
    supervise(app, settings, address, listeners)


def _summary(settings: ServerSettings) -> str:
    """How many processes and threads, in words."""
    processes = "1 process" if settings.workers == 1 else f"{settings.workers} processes"
    threads = "1 thread, one request at a time" if settings.threads == 1 else f"up to {settings.threads} threads"
    return f"{processes} with {threads}{' each' if settings.workers > 1 else ''}"
