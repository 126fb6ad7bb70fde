"""Sends Flask's signals to receivers of every kind and prints who was called; an engine is right when stock prints the same."""

from __future__ import annotations

import functools
import gc
import typing as t
from unittest import mock

import blinker.base
from flask import (
    Flask,
    appcontext_popped,
    appcontext_pushed,
    appcontext_tearing_down,
    got_request_exception,
    request_finished,
    request_started,
    request_tearing_down,
)
from flask.signals import template_rendered

SIGNALS = {
    "pushed": appcontext_pushed,
    "started": request_started,
    "finished": request_finished,
    "tearing down": request_tearing_down,
    "context tearing down": appcontext_tearing_down,
    "popped": appcontext_popped,
    "exception": got_request_exception,
    "rendered": template_rendered,
}

Said = list[str]


def application(kind: type[Flask] = Flask) -> Flask:
    app = kind("signalling", static_folder=None)
    app.config["PROPAGATE_EXCEPTIONS"] = False
    app.logger.disabled = True
    app.add_url_rule("/", "hello", lambda: "hello")
    app.add_url_rule("/fails", "fails", lambda: 1 / 0)
    return app


def ask(app: Flask, path: str = "/") -> None:
    try:
        answer = app.test_client().get(path)
    except Exception as error:
        print("  raised", type(error).__name__, error)
    else:
        print("  answered", answer.status, answer.text[:20], sorted(n for n, _ in answer.headers if n.startswith("X-")))


def telling(said: Said, word: str) -> t.Callable[..., None]:
    def tell(sender: Flask, **extra: t.Any) -> None:
        said.append(f"{word} {sender.name} {sorted((k, type(v).__name__) for k, v in extra.items())}")

    return tell


class Telling:
    """Receivers that are no functions."""

    def __init__(self, said: Said) -> None:
        self.said = said

    def method(self, sender: Flask, **extra: t.Any) -> None:
        self.said.append(f"method {sorted(extra)}")

    def __call__(self, sender: Flask, **extra: t.Any) -> None:
        self.said.append(f"object {sorted(extra)}")

    async def later(self, sender: Flask, **extra: t.Any) -> None:
        self.said.append(f"later {sorted(extra)}")


class Ordered(dict[t.Any, None]):
    """A set that keeps its order, for `Signal.set_class`."""

    def add(self, value: t.Any) -> None:
        self[value] = None

    def discard(self, value: t.Any) -> None:
        self.pop(value, None)

    def copy(self) -> Ordered:
        return Ordered(self)

    def __or__(self, other: t.Any) -> Ordered:  # type: ignore[override]
        return Ordered({**self, **other})


class Wrapping(Flask):
    """An application that says what it makes synchronous."""

    def ensure_sync(self, func: t.Callable[..., t.Any]) -> t.Callable[..., t.Any]:
        if "later" in getattr(func, "__name__", ""):
            print("  ensured", func.__name__)
            return lambda *args, **kwargs: func(*args, **kwargs).close()
        return super().ensure_sync(func)


def each_signal() -> None:
    for name, signal in SIGNALS.items():
        app, other, said = application(), application(), Said()
        for_all, for_app, for_other = (telling(said, word) for word in ("all", "app", "other"))
        for receiver, sender in ((for_all, signal.ANY), (for_app, app), (for_other, other)):
            signal.connect(receiver, sender)
        print(name)
        ask(app)
        ask(app, "/fails")
        for receiver in (for_all, for_app, for_other):
            signal.disconnect(receiver)
        ask(app)
        print(*sorted(said), sep="\n")


def kinds() -> None:
    for kind in (Flask, Wrapping):
        app, said = application(kind), Said()
        told = Telling(said)
        receivers: dict[str, t.Any] = {
            "method": told.method,
            "object": told,
            "partial": functools.partial(telling(said, "partial")),
            "partial later": functools.partial(told.later),
            "later": told.later,
            "built in": said.append,
            "not callable": 5,
            "wrong arguments": lambda: None,
        }
        for name, receiver in receivers.items():
            print(kind.__name__, name)
            try:
                request_finished.connect(receiver, app, weak=False)
            except TypeError as error:
                print("  not connected:", error)
                continue
            ask(app)
            request_finished.disconnect(receiver)
        print(*said, sep="\n")


def order() -> None:
    """The order of sets differs from run to run: what is printed is whether it is the order that blinker says."""
    app, called = application(), []
    receivers = [(lambda sender, n=n, **_: called.append(n)) for n in range(40)]
    for number, receiver in enumerate(receivers):
        request_started.connect(receiver, (app, request_started.ANY)[number % 3 == 0])
    for gone in (3, 4, 11, 20, 21, 22):
        request_started.disconnect(receivers[gone])
    for expected in (40, 15):
        said = [r.__defaults__[0] for r in request_started.receivers_for(app)]
        called.clear()
        ask(app)
        print("in order", called == said, len(called), expected)
        for receiver in receivers[expected - 20 :]:
            request_started.disconnect(receiver)
    request_started._clear_state()


def changes_while_sent() -> None:
    app, said = application(), Said()
    second = telling(said, "second")

    def first(sender: Flask, **extra: t.Any) -> None:
        said.append("first")
        request_started.disconnect(second)
        request_started.connect(third, app)

    third = telling(said, "third")
    request_started.set_class = Ordered  # type: ignore[assignment]
    request_started._by_sender.default_factory = Ordered
    request_started.connect(first, app)
    request_started.connect(second, app)
    for _ in range(2):
        ask(app)
        print(said)
    request_started._clear_state()
    request_started._by_sender.default_factory = set
    del request_started.set_class
    request_started.connect(telling(said, "dead"), app)
    gc.collect()
    print("dead", dict(request_started.receivers), request_started.has_receivers_for(app))
    ask(app)
    request_started.connect(failing, app)
    ask(app)
    request_started.disconnect(failing)


def failing(sender: Flask, **extra: t.Any) -> None:
    raise LookupError("a receiver that fails")


def replaced() -> None:
    app, said = application(), Said()
    tell = telling(said, "told")
    request_finished.connect(tell, app)
    with request_finished.muted():
        ask(app)
    print("muted", said)
    with mock.patch.object(request_finished, "send", lambda *args, **kwargs: print("  own send", sorted(kwargs))):
        ask(app)
    with mock.patch.object(request_finished, "receivers_for", lambda _: iter([tell, tell])):
        ask(app)
    print("twice", len(said))
    # Signals that nobody is connected to are not sent by ours.
    with mock.patch.object(blinker.base.Signal, "send", lambda *_, **extra: "response" in extra and print("  class's")):
        ask(app)
    ask(app)
    print("in the end", len(said))
    request_finished.disconnect(tell, app)
    ask(app)
    print(len(said))
    request_finished.connect(lambda _, response, **__: response.headers.add("X-Signal", "1"), app, weak=False)
    ask(app)
    ask(application())


def main() -> None:
    for part in (each_signal, kinds, order, changes_while_sent, replaced):
        print("##", part.__name__)
        part()


if __name__ == "__main__":
    main()
