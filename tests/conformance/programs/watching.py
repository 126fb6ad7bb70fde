"""Serves an application and prints what tracers and profilers for all threads see of it, whenever they are set; and what
`threading` knows about the thread of a view.
"""

from __future__ import annotations

import logging
import socket
import sys
import threading
import time
import urllib.request

import flask.cli
from flask import Flask

logging.getLogger("werkzeug").disabled = True
flask.cli.show_server_banner = lambda *_: None

app = Flask(__name__)
seen: list[str] = []

# Enough for a short view to have proven that it is short.
MANY = 60


@app.get("/watched")
def watched():
    text = "here"
    return text


@app.get("/streamed")
def streamed():
    def pieces():
        yield "one"
        yield "two"

    return pieces()


@app.get("/thread")
def thread():
    current = threading.current_thread()
    named = current.name.isascii() and not current.name.startswith("Dummy")
    facts = [type(current).__name__, named, current.daemon, current.is_alive(), current in threading.enumerate()]
    facts += [current.ident == threading.get_ident(), current.native_id == threading.get_native_id()]
    return repr(facts)


pieces_code = next(constant for constant in streamed.__code__.co_consts if hasattr(constant, "co_name"))


def note(event, frame):
    if frame.f_code in (watched.__code__, pieces_code):
        seen.append(f"{event} {frame.f_code.co_name}")


def tracer(frame, event, argument):
    note(event, frame)
    return tracer


def profiler(frame, event, argument):
    if not event.startswith("c_"):
        note(event, frame)


def started_as_by_a_debugger(start):
    """Wrap a function that starts threads, as debuggers do that want to be in each of them from its first line."""

    def starting(function, *arguments, **named):
        def traced(*arguments):
            sys.settrace(tracer)
            return function(*arguments)

        return start(traced, *arguments, **named)

    return starting


STARTERS = [name for name in ("_start_new_thread", "_start_joinable_thread") if hasattr(threading, name)]
ORIGINALS = {name: getattr(threading, name) for name in STARTERS}


def watch_starts():
    for name, start in ORIGINALS.items():
        setattr(threading, name, started_as_by_a_debugger(start))


def leave_starts_alone():
    for name, start in ORIGINALS.items():
        setattr(threading, name, start)


def ask(port, path):
    with urllib.request.urlopen(f"http://127.0.0.1:{port}{path}", timeout=20) as answer:
        return answer.read().decode()


def serve(**options):
    """Serve on a free port, and return it."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    threading.Thread(target=app.run, kwargs={"port": port, **options}, daemon=True).start()
    for _ in range(200):
        try:
            ask(port, "/thread")
            return port
        except OSError:
            time.sleep(0.05)
    raise SystemExit("the server did not start")


def look(port, title):
    for path in ("/watched", "/streamed"):
        seen.clear()
        for _ in range(MANY):
            ask(port, path)
        print(title, path, len(seen), sorted(set(seen)))


def main():
    port = serve()
    print(ask(port, "/thread"))
    look(port, "nobody")
    threading.settrace(tracer)
    look(port, "traced")
    print(ask(port, "/thread"))
    threading.settrace(None)
    look(port, "traced no more")
    threading.setprofile(profiler)
    look(port, "profiled")
    threading.settrace(tracer)
    look(port, "both")
    threading.settrace(None)
    threading.setprofile(None)
    look(port, "nobody again")

    threading.settrace(tracer)
    look(serve(), "traced from the start")
    look(serve(threaded=False), "traced from the start, one by one")
    threading.settrace(None)

    watch_starts()
    look(serve(), "debugged from the start")
    leave_starts_alone()


if __name__ == "__main__":
    main()
