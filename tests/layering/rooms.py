"""The floor plan of `src/`: layers and the engine's rooms, in the order in which they may use each other.

Data alone. The checks of this folder and the drawing in docs/architecture.md are made from it.
"""

from __future__ import annotations

# A layer may use those of the rows before it, never one of its own row or of a later one.
LAYERS: list[tuple[str, ...]] = [
    ("text",),
    ("http", "routing", "signing", "json", "templates"),
    ("engine",),
    ("server",),
]
# Layers that know no Python: `cargo test --no-default-features` runs them.
PURE = {"text", "http", "routing", "signing", "json", "templates"}

# The engine's rooms and what each is about. A room may use those before it.
ENGINE: dict[str, str] = {
    "ffi": "CPython's C API, other unsafe calls",
    "interpreter": "slots, arguments, cache by type",
    "headers": "header values as Python objects",
    "guard": "law 4: is it still as it was?",
    "app": "steps, attributes, configuration",
    "url_map": "Werkzeug's map, compiled",
    "message": "raw request, raw response",
    "context": "application context, g",
    "form": "urlencoded and multipart bodies",
    "json": "dumps, loads, the provider",
    "request": "the request and its context",
    "hooks": "before, after, teardown, signals",
    "session": "interfaces, the signed cookie",
    "response": "what a view returned",
    "template": "Jinja2's surroundings, programs run",
    "static_file": "send_file, the static view",
    "lifecycle": "Flask's steps, one file each",
    "gateway": "the one door: socket and WSGI",
    "test_client": "the native test client",
    "bindings": "what Python sees of all this",
}

# What the pure layers are about.
PURE_ABOUT: dict[str, str] = {
    "text": "percent-encoding, charsets, dates",
    "http": "query, form, cookies, ranges, options",
    "routing": "rules: matching a path, building a URL",
    "signing": "signed and compressed texts",
    "json": "writer, reader, numbers",
    "templates": "generated source to a program",
}
# The server's rooms and files, lowest first.
SERVER: dict[str, str] = {
    "ffi": "sockets by number, thread states",
    "http1": "HTTP/1 framing, without sockets",
    "settings": "what a server was started with",
    "access_log": "one line per request",
    "shutdown": "live connections, draining",
    "scheduler": "which thread runs a view",
    "worker": "one view run, and its reply",
    "connection": "one client: read, run, answer",
    "listener": "accepts connections",
    "server": "start and stop, seen by Python",
}
# The Python packages of `python/ferroflask`.
PYTHON: dict[str, str] = {
    "activation": "how the name flask gets here",
    "api": "our flask package",
    "url_map": "Werkzeug's Map, ours below",
    "lazy": "imported on first use",
    "dev_server": "app.run, flask run",
    "cli": "ferroflask serve",
    "legacy": "names of older releases",
    "freezing": "for PyInstaller",
}
