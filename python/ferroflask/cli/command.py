"""`ferroflask serve`: its options, and the plan it makes of them. Must not know how processes are looked after."""

from __future__ import annotations

import typing as t

import click

from .app_loader import AppNotFound, load_app
from .bind import Address, BadAddress
from .options import Plan
from .supervisor import supervise
from .worker import run_worker

SECONDS = click.FloatRange(min=0)
COUNT = click.IntRange(min=1)


@click.command("serve", short_help="Run a production server.")
@click.argument("app", metavar="MODULE:APP")
@click.option("-b", "--bind", default="127.0.0.1:8000", show_default=True, help="HOST:PORT, unix:PATH or fd://NUMBER.")
@click.option("-w", "--workers", type=COUNT, default=1, show_default=True, help="Processes.")
@click.option(
    "--threads",
    type=COUNT,
    default=64,
    show_default=True,
    help="Most Python threads per process. They are started when requests wait; 1 runs one request at a time.",
)
@click.option(
    "-t",
    "--timeout",
    type=SECONDS,
    default=30,
    show_default=True,
    help="A worker in which no Python ran for so many seconds is replaced (with more than one worker). 0 turns it off.",
)
@click.option(
    "--graceful-timeout",
    type=SECONDS,
    default=30,
    show_default=True,
    help="Seconds that requests in progress get to end at shutdown.",
)
@click.option("--keep-alive", type=SECONDS, default=75, show_default=True, help="Seconds between two requests.")
@click.option("--header-timeout", type=SECONDS, default=15, show_default=True, help="Seconds for a request's headers.")
@click.option(
    "--body-timeout", type=SECONDS, default=30, show_default=True, help="Seconds between two pieces of a request body."
)
@click.option(
    "--write-timeout", type=SECONDS, default=60, show_default=True, help="Seconds in which a client takes no byte."
)
@click.option("--limit-request-line", type=COUNT, default=8 * 1024, show_default=True, help="In bytes.")
@click.option("--limit-request-fields", type=COUNT, default=100, show_default=True, help="Header fields per request.")
@click.option("--limit-request-head", type=COUNT, default=64 * 1024, show_default=True, help="All headers, in bytes.")
@click.option("--access-log", is_flag=True, help="Write a line per request to standard output.")
@click.option(
    "--switch-interval",
    type=click.FloatRange(min=0, min_open=True),
    help="Seconds a thread may keep others from running Python. [default: 0.0005]",
)
def serve_command(app: str, bind: str, **options: t.Any) -> None:
    """Serve a WSGI application: MODULE:NAME, MODULE:FACTORY() or just MODULE.

    SIGTERM ends it when the requests in progress are answered, Ctrl-C at once.
    """
    plan = Plan(app=app, **options)
    try:
        address = Address(bind)
        if plan.workers == 1:
            # Before the port is taken: an application that can't be imported must not look like a running server.
            application = load_app(app)
            listeners = address.open(1)
        else:
            listeners = address.open(plan.workers)
    except (AppNotFound, BadAddress) as error:
        raise click.ClickException(str(error)) from None

    click.echo(f"ferroflask serves {app} on {address}: {plan.summary()}. Press CTRL+C to quit.", err=True)
    if plan.workers == 1:
        run_worker(plan, address, listeners[0], application, cleans_up=True)
    supervise(plan, address, listeners)
