"""Renders templates in every way a program can change, and prints what it sees: the same with stock Flask and with ours."""

from __future__ import annotations

import functools
import traceback
import typing as t

import jinja2
from flask import (
    Flask,
    before_render_template,
    get_template_attribute,
    render_template,
    render_template_string,
    session,
    stream_template,
    template_rendered,
)
from flask.templating import Environment
from jinja2 import DictLoader, StrictUndefined, TemplateNotFound, pass_context, pass_environment, pass_eval_context
from jinja2.runtime import Context
from jinja2.utils import LRUCache

SOURCES = {
    "base.html": "<title>{{ title }}</title>{% block body %}base{% endblock %}{% block end %}.{% endblock %}",
    "child.html": "{% extends 'base.html' %}{% block body %}{{ super() }}|{{ name }}|{% for i in items %}{{ loop.index }}"
    "{{ i }}{% endfor %}{% endblock %}",
    "grandchild.html": "{% extends 'child.html' %}{% set exported = 1 %}{% block end %}{{ self.body() }}!{% endblock %}",
    "chosen.html": "{% extends layout %}{% block body %}chosen {{ name }}{% endblock %}",
    "plain.txt": "{{ title }} {{ name }} {{ missing }}",
    "include.html": "{% set local = 3 %}{% include 'part.html' %}{% include ['nowhere.html', 'part.html'] without context %}"
    "{% include 'nowhere.html' ignore missing %}",
    "part.html": "[{{ local }} {{ name }} {{ config['WORD'] }}]",
    "macros.html": "{% macro field(name, kind='text') %}<{{ name }} {{ kind }} {{ caller() if caller }}{{ varargs }}"
    "{{ kwargs }}>{% endmacro %}{% set shown = 'from ' ~ ('<module>' | upper) %}",
    "importing.html": "{% import 'macros.html' as m %}{% from 'macros.html' import field, shown with context %}"
    "{{ m.field('<a>') }}{{ field('b', 'c', 1, x=2) }}{{ shown }}{% call field('d') %}{{ name }}{% endcall %}",
    "calling.html": "{% for i in items %}{{ f(i, key='<k>') }};{% endfor %}{% block b %}{{ f(title) }}{% endblock %}",
    "scoped.html": "{% for i in items %}{% block row scoped %}{{ i }}{% endblock %}{% endfor %}"
    "{% with x = 5 %}{{ x }}{{ peek() }}{% endwith %}{% set y = 2 %}{{ peek() }}",
    "recursive.html": "{% for i in tree recursive %}{{ i.n }}({{ loop(i.c) if i.c }}){% endfor %}",
    "ending.html": "{% autoescape false %}{{ title }}{% endautoescape %}{{ title }}{{ title | safe }}{{ 1.5 }}{{ none }}",
    "broken.html": "line\n{{ 1 // zero }}\n",
    "broken_child.html": "{% extends 'base.html' %}\n{% block body %}\n\n{{ raising() }}{% endblock %}",
    "wrong.html": "fine\n{% if %}",
    "wrong_child.html": "{% extends 'wrong.html' %}",
    "orphan.html": "\n{% extends 'nowhere.html' %}",
    "strict.html": "{{ name }}\n{{ missing.attribute }}",
}
VALUES: dict[str, t.Any] = {
    "title": "<T & 'q'>",
    "name": 'n"<é>',
    "items": ["<", 2, None],
    "zero": 0,
    "layout": "base.html",
}

SCENES: list[t.Callable[[], object]] = []


def scene(function: t.Callable[[], object]) -> t.Callable[[], object]:
    SCENES.append(function)
    return function


def made(kind: type[Environment] = Environment, **options: t.Any) -> Flask:
    """An application with the templates above."""
    app = Flask("shop")
    app.secret_key = "k"
    app.config["WORD"] = "w"
    app.jinja_environment = kind
    app.jinja_options = {"loader": DictLoader(dict(SOURCES)), **options}
    return app


def shown(name: t.Any, **values: t.Any) -> None:
    """Print a rendering, or how it fails: the error and the template's lines in its traceback."""
    try:
        print("   ", repr(render_template(name, **{**VALUES, **values})))
    except BaseException as error:
        failed(error)


def failed(error: BaseException) -> None:
    print("   ", type(error).__name__, error, "| because of", repr(error.__context__))
    for frame in traceback.extract_tb(error.__traceback__):
        if "flask" not in frame.filename and "jinja2" not in frame.filename:
            print("       ", frame.filename.rpartition("/")[2], frame.lineno, frame.name)


def inside(app: Flask, *names: t.Any, **values: t.Any) -> None:
    with app.test_request_context("/"):
        for name in names:
            shown(name, **values)
            shown(name, **values)


@scene
def pages() -> None:
    app = made()
    inside(
        app,
        "child.html",
        "grandchild.html",
        "chosen.html",
        "plain.txt",
        "include.html",
        "importing.html",
        "ending.html",
    )
    inside(app, "recursive.html", tree=[{"n": 1, "c": [{"n": 2, "c": []}]}, {"n": 3, "c": []}])
    inside(app, "chosen.html", layout=app.jinja_env.get_template("base.html"))
    inside(app, "chosen.html", layout=["nowhere.html", "base.html"])
    with app.test_request_context("/"):
        print(render_template_string("{{ x }}{% extends 'base.html' %}{% block body %}{{ x }}{% endblock %}", x="<x>"))
        print(list(stream_template("child.html", **VALUES)), get_template_attribute("macros.html", "field")("<q>"))


@scene
def names() -> None:
    app = made()
    inside(
        app,
        "nowhere.html",
        ["nowhere.html", "plain.txt"],
        ["nowhere.html"],
        [],
        app.jinja_env.get_template("plain.txt"),
    )
    inside(
        app, jinja2.Undefined(name="u"), [jinja2.Undefined(name="u")], 5, None, type("Name", (str,), {})("plain.txt")
    )


@scene
def errors() -> None:
    app = made()

    def raising() -> None:
        raise KeyError("raised")

    def interrupting() -> None:
        raise KeyboardInterrupt

    inside(app, "broken.html", "wrong.html", "wrong_child.html", "orphan.html")
    inside(app, "broken_child.html", raising=raising)
    inside(app, "broken_child.html", raising=interrupting)
    inside(app, "broken_child.html", raising=lambda: next(iter(())))
    inside(app, "broken_child.html")
    inside(made(undefined=StrictUndefined), "strict.html")
    with app.test_request_context("/"):
        try:
            raise ValueError("before")
        except ValueError:
            shown("broken_child.html", raising=raising)

    class Swallowing(Environment):
        def handle_exception(self, source: str | None = None) -> t.Any:
            print("    swallowed")

    inside(made(Swallowing), "broken.html")


@scene
def live_changes() -> None:
    app = made()
    inside(app, "plain.txt")
    app.jinja_env.globals["missing"] = "global"
    inside(app, "plain.txt")
    app.jinja_env.get_template("plain.txt").globals["missing"] = "of the template"
    inside(app, "plain.txt")
    app.jinja_env.get_template("plain.txt", globals={"missing": "given"})
    inside(app, "plain.txt")
    inside(app, "plain.txt", missing="of the view")
    app.context_processor(lambda: {"missing": "processed", "name": "processed"})
    inside(app, "plain.txt")
    app.context_processor(lambda: {1: "no name"})
    inside(app, "plain.txt")
    app = made()
    app.jinja_env.globals = {"missing": "replaced"}
    inside(app, "plain.txt", "include.html")
    app.jinja_env.get_template("plain.txt").globals = {"missing": "only"}
    inside(app, "plain.txt")


@scene
def caches_and_loaders() -> None:
    app = made()
    inside(app, "child.html")
    app.jinja_env.loader = DictLoader({**SOURCES, "base.html": "other {% block body %}{% endblock %}"})
    inside(app, "child.html")
    app.jinja_env.loader.mapping["base.html"] = "changed"
    inside(app, "child.html")
    app.jinja_env.auto_reload = True
    inside(app, "child.html")
    app.jinja_env.cache = None
    inside(app, "child.html")
    app.jinja_env.cache = LRUCache(1)
    inside(app, "child.html")
    print([name for _, name in app.jinja_env.cache.keys()])
    app.jinja_env.cache = {}
    inside(app, "child.html", "plain.txt")
    app.jinja_env.loader = None
    inside(app, "child.html")
    for size in (0, 1, 2, 3, -1):
        app = made(cache_size=size, auto_reload=False)
        inside(app, "grandchild.html", "plain.txt", "importing.html")
        cache = app.jinja_env.cache
        print(size, None if cache is None else len(cache))
    asked = []

    class Telling(DictLoader):
        def get_source(self, environment: t.Any, template: str) -> t.Any:
            asked.append(template)
            return SOURCES[template], None, lambda: asked.append(f"is {template} current") is not None

    for reloading in (False, True):
        inside(made(loader=Telling({}), auto_reload=reloading), "child.html", "plain.txt")
        print(asked)
        asked.clear()


@scene
def own_environments() -> None:
    class Relative(Environment):
        def join_path(self, template: str, parent: str) -> str:
            print("    joined", template, parent)
            return template

    class Getting(Environment):
        def get_template(self, name: t.Any, parent: t.Any = None, globals: t.Any = None) -> t.Any:
            print("    got", name, parent)
            return super().get_template(name, parent, globals)

    class Loading(Environment):
        def _load_template(self, name: t.Any, globals: t.Any) -> t.Any:
            print("    loaded", name)
            return super()._load_template(name, globals)

    class Choosing(Environment):
        def get_or_select_template(self, name: t.Any, parent: t.Any = None, globals: t.Any = None) -> t.Any:
            print("    chose", name)
            return super().get_or_select_template(name, parent, globals)

    class Shouting(Environment):
        concat = staticmethod(lambda pieces: "".join(pieces).upper())  # type: ignore[assignment]

    for kind in (Relative, Getting, Loading, Choosing, Shouting):
        inside(made(kind), "child.html")
    app = made()
    inside(app, "child.html")
    app.jinja_env.join_path = lambda template, parent: "plain.txt"  # type: ignore[method-assign]
    inside(app, "child.html")
    app = made()
    inside(app, "child.html")
    app.jinja_env.get_template = lambda *_: app.jinja_env.from_string("by the instance")  # type: ignore[method-assign]
    inside(app, "child.html")
    inside(made(enable_async=True), "child.html", "importing.html")
    inside(made(autoescape=False), "child.html")
    inside(
        made(autoescape=lambda name: print("    escapes", name) or name == "base.html"), "child.html", "importing.html"
    )
    inside(made(finalize=lambda value: "-" if value is None else value), "child.html")
    with app.test_request_context("/"):
        overlay = made().jinja_env.overlay(autoescape=False)
        print(overlay.get_template("child.html").render(VALUES))


@scene
def own_templates_and_contexts() -> None:
    class Named(jinja2.Template):
        def render(self, *args: t.Any, **kwargs: t.Any) -> str:
            return f"{self.name}: {super().render(*args, **kwargs)}"

    class Counting(Context):
        def resolve_or_missing(self, key: str) -> t.Any:
            return f"resolved {key}" if key == "missing" else super().resolve_or_missing(key)

        def call(self, obj: t.Any, *args: t.Any, **kwargs: t.Any) -> t.Any:
            return "called " + str(super().call(obj, *args, **kwargs))

    class Plain(Environment):
        template_class = Named
        context_class = Counting

    class Fresh(Environment):
        context_class = Counting

    inside(made(Plain), "plain.txt", "child.html", "importing.html")
    inside(made(Fresh), "plain.txt", "child.html")
    app = made()
    inside(app, "plain.txt")
    app.jinja_env.context_class = Counting
    inside(app, "plain.txt")
    inside(app, "calling.html", f=lambda *args, **kwargs: repr((args, kwargs)))
    app = made()
    inside(app, "plain.txt")
    template = app.jinja_env.get_template("plain.txt")
    template.render = lambda *_, **__: "of the instance"  # type: ignore[method-assign]
    inside(app, "plain.txt")
    del template.render
    template.new_context = functools.partial(type(template).new_context, template, {"name": "partial"})
    inside(app, "plain.txt")
    del template.new_context
    template.root_render_func = lambda context: iter([repr(context.name), "!"])
    inside(app, "plain.txt")


@scene
def callables() -> None:
    class Marked:
        @pass_context
        def __call__(self, context: t.Any, *args: t.Any, **kwargs: t.Any) -> str:
            return f"{context.name} {sorted(context.vars)} {args} {kwargs}"

        @pass_environment
        def method(self, environment: t.Any, *args: t.Any, **kwargs: t.Any) -> str:
            return f"{environment.app.name} {args} {kwargs}"

        def plain(self, *args: t.Any, **kwargs: t.Any) -> str:
            return f"{args} {kwargs}"

    @pass_eval_context
    def evaluating(context: t.Any, *args: t.Any, **kwargs: t.Any) -> str:
        return f"{context.autoescape} {args} {kwargs}"

    @pass_context
    def looking(context: t.Any, *args: t.Any, **kwargs: t.Any) -> str:
        return f"{context.get('i')} {'loop' in context} {args} {kwargs}"

    def plain(*args: t.Any, **kwargs: t.Any) -> str:
        return f"{args} {kwargs}"

    def ending(*_: t.Any, **__: t.Any) -> str:
        raise StopIteration(3)

    def given(self: t.Any = None, obj: t.Any = None, key: t.Any = None) -> str:
        return f"{self} {obj} {key}"

    marked_later = lambda *args, **kwargs: f"{args[0].name} {len(args)} {kwargs}"  # noqa: E731
    app = made()
    for f in (Marked(), Marked().method, Marked().plain, evaluating, looking, plain, ending, given, marked_later):
        inside(app, "calling.html", f=f)
    marked_later.jinja_pass_arg = looking.jinja_pass_arg  # type: ignore[attr-defined]
    inside(app, "calling.html", f=marked_later)
    for f in (dict, functools.partial(plain, 1), str.upper, "text".join, len, None, 5):
        inside(app, "calling.html", f=f)
    inside(app, "calling.html", f=functools.partial(looking))
    with app.test_request_context("/"):
        for source in (
            "{{ f(self=1, obj=2) }}",
            "{{ f(key=1, **{'obj': 3}) }}",
            "{{ f(*[1, 2]) }}",
            "{{ f(_loop_vars=1) }}",
        ):
            try:
                print(render_template_string(source, f=given))
            except Exception as error:
                failed(error)


@scene
def contexts() -> None:
    @pass_context
    def peek(context: t.Any) -> str:
        held = {name: value for name, value in vars(context).items() if name in ("vars", "name", "exported_vars")}
        parts = [
            type(context).__name__,
            held,
            list(context.parent),
            sorted(context.blocks),
            vars(context.eval_ctx).keys(),
        ]
        return repr(
            [*parts, sorted(context.globals_keys), context.get("nothing", 7), "title" in context, context.resolve("q")]
        )

    inside(made(), "scoped.html", peek=peek)
    app = made()
    app.jinja_env.globals["peek"] = peek
    with app.test_request_context("/"):
        print(render_template_string("{{ peek() }}{% set a = 1 %}{{ peek() }}"))
        print(isinstance(app.jinja_env.from_string("").new_context(), Context))


@scene
def signals() -> None:
    app = made()

    def before(sender: Flask, template: t.Any, context: dict[str, t.Any], **more: t.Any) -> None:
        print("    before", sender is app, template.name, sorted(context), sorted(more))
        context["name"] = "by a receiver"

    def after(sender: Flask, template: t.Any, context: dict[str, t.Any], **more: t.Any) -> None:
        print("    after", sender is app, template.name, sorted(context), sorted(more))

    with before_render_template.connected_to(before, app), template_rendered.connected_to(after, app):
        inside(app, "child.html", "broken.html")
    inside(app, "child.html")


@scene
def sessions() -> None:
    app = made()

    @app.route("/<int:looks>")
    def view(looks: int) -> str:
        return render_template_string("{{ session.get('a') }}" if looks else "nothing")

    @app.route("/after")
    def after() -> str:
        session["a"] = 1
        return render_template("plain.txt", **VALUES)

    client = app.test_client()
    for path in ("/0", "/1", "/after", "/0", "/1"):
        answer = client.get(path)
        print("   ", answer.headers.get("Vary"), answer.text)


@scene
def patched_jinja() -> None:
    app = made()
    inside(app, "child.html")
    for owner, name in (
        (jinja2.Environment, "get_template"),
        (jinja2.Environment, "_load_template"),
        (jinja2.Environment, "get_or_select_template"),
        (jinja2.Environment, "getitem"),
        (jinja2.Template, "render"),
        (jinja2.Template, "new_context"),
        (Context, "call"),
        (Context, "resolve_or_missing"),
        (Context, "__init__"),
        (LRUCache, "get"),
        (LRUCache, "__getitem__"),
        (Environment, "get_or_select_template"),
    ):
        original = getattr(owner, name)

        def counted(*args: t.Any, __name: str = name, __original: t.Any = original, **kwargs: t.Any) -> t.Any:
            seen.add(__name)
            return __original(*args, **kwargs)

        seen: set[str] = set()
        own = name in vars(owner)
        setattr(owner, name, counted)
        inside(app, "child.html", "plain.txt")
        inside(app, "calling.html", f=lambda *args, **kwargs: repr((args, kwargs)))
        print(name, seen)
        setattr(owner, name, original) if own else delattr(owner, name)
        seen.clear()
        inside(app, "child.html")
        print(name, seen)


for one in SCENES:
    print(one.__name__)
    one()
