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
@click.option("-w", "--workers", type=COUNT, default=1, show_default=True, help="Number of processes.")
@click.option(
    "--threads",
    type=COUNT,
    default=64,
    show_default=True,
    help="Maximum number of Python threads per process. They are started as needed; 1 runs one request at a time.",
)
@click.option(
    "-t",
    "--timeout",
    type=SECONDS,
    default=30,
    show_default=True,
    help="Seconds after which a worker that runs no Python code is killed and replaced; 0 turns this off."
    " Only with more than one worker.",
)
@click.option(
    "--graceful-timeout",
    type=SECONDS,
    default=30,
    show_default=True,
    help="Seconds that requests in progress have to finish when the server shuts down.",
)
@click.option(
    "--keep-alive", type=SECONDS, default=75, show_default=True, help="Seconds that an idle connection is kept open."
)
@click.option(
    "--header-timeout",
    type=SECONDS,
    default=15,
    show_default=True,
    help="Seconds in which the headers of a request have to arrive.",
)
@click.option(
    "--body-timeout",
    type=SECONDS,
    default=30,
    show_default=True,
    help="Seconds to wait for the next piece of a request body.",
)
@click.option(
    "--write-timeout",
    type=SECONDS,
    default=60,
    show_default=True,
    help="Seconds to wait for a client that takes nothing of its answer.",
)
@click.option(
    "--limit-request-line",
    type=COUNT,
    default=8 * 1024,
    show_default=True,
    help="Maximum length of the request line, in bytes.",
)
@click.option(
    "--limit-request-fields",
    type=COUNT,
    default=100,
    show_default=True,
    help="Maximum number of header fields of a request.",
)
@click.option(
    "--limit-request-head",
    type=COUNT,
    default=64 * 1024,
    show_default=True,
    help="Maximum size of all headers of a request, in bytes.",
)
@click.option("--access-log", is_flag=True, help="Write a line per request to standard output.")
@click.option(
    "--switch-interval",
    type=click.FloatRange(min=0, min_open=True),
    help="Seconds that a thread may run Python code while others wait for it. [default: 0.0005]",
)
def serve_command(app: str, bind: str, **options: t.Any) -> None:
    """Serve a WSGI application: MODULE:NAME, MODULE:FACTORY, MODULE:FACTORY(ARGUMENTS) or just MODULE.

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
