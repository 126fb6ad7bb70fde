"""Does with `g` whatever can be done with it and prints what came of it; an engine is right when stock prints the same."""

from __future__ import annotations

import copy
import gc
import pickle
import typing as t
import weakref

from flask import Flask, g
from flask.ctx import _AppCtxGlobals


class Own(_AppCtxGlobals):
    def __init__(self) -> None:
        self.made = 1

    @property
    def shown(self) -> str:
        return "by the class"


class Counting(dict, _AppCtxGlobals):  # type: ignore[type-arg,misc]
    """Another base beside."""


class Elsewhere:
    """Not of Flask's class at all."""

    kept = 5


DONE: dict[str, t.Callable[[t.Any], t.Any]] = {
    "missing": lambda g: g.missing,
    "shown": lambda g: g.shown,
    "get": lambda g: (g.get("missing"), g.get("missing", 3), g.get("here"), g.get(name="missing", default=4)),
    "has": lambda g: (hasattr(g, "missing"), hasattr(g, "here"), "here" in g, "get" in g),
    "names": lambda g: (sorted(g), sorted(vars(g))),
    "pop missing": lambda g: g.pop("missing"),
    "pop": lambda g: (g.pop("missing", None), g.pop("missing", default=2), g.pop("here")),
    "setdefault": lambda g: (g.setdefault("new"), g.setdefault("other", 1), g.setdefault("other", 2)),
    "delete missing": lambda g: delattr(g, "missing"),
    "delete": lambda g: delattr(g, "other"),
    "a list": lambda g: [] in g,
    "pop a list": lambda g: g.pop([]),
    "its class": lambda g: setattr(g, "__class__", 1),
    "shadowed": lambda g: (setattr(g, "get", 6), g.get, delattr(g, "get")),
    "shown again": repr,
    "true": bool,
    "iterated": lambda g: type(iter(g)).__name__,
}
COPIED: dict[str, t.Callable[[t.Any], t.Any]] = {
    "copied": lambda own: sorted(vars(copy.copy(own))),
    "pickled": lambda own: sorted(vars(pickle.loads(pickle.dumps(own)))),
}


def tell(title: str, act: t.Callable[[t.Any], t.Any], subject: t.Any) -> None:
    try:
        print(" ", title, repr(act(subject)))
    except Exception as error:
        print(" ", title, "raised", repr(error))


def main() -> None:
    app = Flask("namespaces")
    for kind in (_AppCtxGlobals, Own, Counting, Elsewhere):
        print("##", kind.__name__)
        app.app_ctx_globals_class = kind  # type: ignore[assignment]
        with app.app_context():
            tell("set", lambda g: (setattr(g, "here", 1), setattr(g, "shown", 2)), g)
            for title, act in DONE.items() if kind is not Elsewhere else ():
                tell(title, act, g)
            own: t.Any = t.cast(t.Any, g)._get_current_object()
            for title, act in COPIED.items() if kind is Own else ():
                tell(title, act, own)
            own.itself = own
            seen = weakref.ref(own)
            del own
        gc.collect()
        print("  gone", seen() is None)


if __name__ == "__main__":
    main()
