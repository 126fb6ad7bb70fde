"""A grammar of templates for hypothesis: sources that use names, values and each other's macros in any order.

Most of what it makes can be rendered; what can't has to fail in the same way on both sides.
"""

from __future__ import annotations

from hypothesis import strategies as st

from .values import VALUES

#: Variables of the context, of which some templates assign others; `rows`, `users` and `tree` are always the same.
NAMES = ("a", "b", "c", "v")
TARGETS = ("a", "b", "x", "y")
MACROS = ("m", "n")
FILTERS = (
    "upper", "e", "safe", "length", "list", "first", "default('d')", "join('<')", "replace('a', '<')", "string", "int",
    "noted", "of_context", "of_evaluation", "trim", "sort", "reverse", "map('noted')", "select", "format(1)", "tojson",
)  # fmt: skip
TESTS = ("defined", "none", "string", "iterable", "odd", "mapping", "in rows", "eq 1", "sameas v", "noted", "escaped")
# Those that take any value are there more often.
BINARY = ("~", "==", "!=", "and", "or") * 4 + ("+", "-", "*", "/", "//", "%", "<", "<=", ">", "in", "not in")
#: Values that most operators take one of.
MILD = ("text", "text to escape", "Markup", "one", "list", "dict", "float", "str subclass", "range")
ATTRIBUTES = ("name", "items", "missing", "n", "children", "upper", "__class__")

names = st.sampled_from((*NAMES, *NAMES, *TARGETS, "rows", "loop", "nothing", "zero", "ns.x"))
literals = st.sampled_from(
    ("1", "0", "'<t>'", "'%s'", "2.5", "none", "true", "false", "[1, '<']", "(1, 2)", "{'name': '<n>'}", "[]", "-3")
)


def operation(inner: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    """Make expressions of expressions."""
    return st.one_of(
        st.builds("({} {} {})".format, inner, st.sampled_from(BINARY), inner),
        st.builds("({} if {} else {})".format, inner, inner, inner),
        st.builds("({} if {})".format, inner, inner),
        st.builds("(not {})".format, inner),
        st.builds(
            "({} {} {} {} {})".format,
            inner,
            st.sampled_from(("<", "==", "in")),
            inner,
            st.sampled_from(("!=", "<")),
            inner,
        ),
        st.builds("{}.{}".format, names, st.sampled_from(ATTRIBUTES)),
        st.builds("({})[{}]".format, inner, inner),
        st.builds("({})[{}:]".format, inner, st.sampled_from(("1", "-1", "zero"))),
        st.builds("({}|{})".format, inner, st.sampled_from(FILTERS)),
        st.builds("({} is {})".format, inner, st.sampled_from(TESTS)),
        st.builds("({} is not {})".format, inner, st.sampled_from(TESTS)),
        st.builds("[{}, {}]".format, inner, inner),
        st.builds("{{'k': {}, 'name': {}}}".format, inner, inner),
        st.builds("{}({})".format, st.sampled_from((*MACROS, "noted", "caller", "lib.m", "loop.cycle")), inner),
        st.builds("{}({}, x={})".format, st.sampled_from((*MACROS, "arguments")), inner, inner),
        st.builds(
            "arguments(*{}, **{})".format,
            st.sampled_from(("rows", "v", "'ab'")),
            st.sampled_from(("{'k': 1}", "c", "{}")),
        ),
        st.sampled_from(
            ("loop.index", "loop.last", "loop.length", "loop.previtem", "loop.changed(v)", "self.title()", "super()")
        ),
        st.sampled_from(("resolve('a')", "resolve('x')", "exported()", "varargs", "kwargs", "loop(tree)", "range(3)")),
    )


plain = names | literals
expressions = st.one_of(plain, plain, st.recursive(plain, operation, max_leaves=4))
iterables = st.one_of(
    st.sampled_from(("rows", "'ab'", "tree", "users")),
    st.sampled_from(("rows", "v", "a", "'ab'", "tree", "users", "c.items()", "v|list")),
    expressions,
)
targets = st.sampled_from((*TARGETS, *TARGETS, "a, b", "ns.x"))
loop_targets = st.sampled_from((*TARGETS, *TARGETS, "x, y"))
leaving = st.builds("{{% if {} %}}{{% {} %}}{{% endif %}}".format, expressions, st.sampled_from(("break", "continue")))
texts = st.sampled_from(("t", " <b> ", "\n", "", "%", "ü", "\n  "))


def statement(body: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    """Make statements around pieces of templates."""
    return st.one_of(
        st.builds(
            "{{% if {} %}}{}{{% elif {} %}}{}{{% else %}}{}{{% endif %}}".format,
            expressions,
            body,
            expressions,
            body,
            body,
        ),
        st.builds("{{% if {} %}}{}{{% endif %}}".format, expressions, body),
        st.builds("{{% for {} in {} %}}{}{}{{% endfor %}}".format, loop_targets, iterables, leaving | texts, body),
        st.builds("{{% for {} in {} %}}{}{{% else %}}{}{{% endfor %}}".format, loop_targets, iterables, body, body),
        st.builds("{{% for {} in {} if {} %}}{}{{% endfor %}}".format, loop_targets, iterables, expressions, body),
        st.builds("{{% for x in tree recursive %}}{}{{{{ loop(x.children) }}}}{{% endfor %}}".format, body),
        st.builds("{{% macro {}(x, y={}) %}}{}{{% endmacro %}}".format, st.sampled_from(MACROS), expressions, body),
        st.builds(
            "{{% macro {}(a) %}}{}{{{{ varargs }}}}{{{{ kwargs }}}}{{% endmacro %}}".format,
            st.sampled_from(MACROS),
            body,
        ),
        st.builds("{{% call(x) {}({}) %}}{}{{% endcall %}}".format, st.sampled_from(MACROS), expressions, body),
        st.builds("{{% call {}() %}}{}{{% endcall %}}".format, st.sampled_from((*MACROS, "arguments")), body),
        st.builds(
            "{{% with {} = {}, b = {} %}}{}{{% endwith %}}".format,
            st.sampled_from(TARGETS),
            expressions,
            expressions,
            body,
        ),
        st.builds("{{% set {} %}}{}{{% endset %}}".format, st.sampled_from(TARGETS), body),
        st.builds(
            "{{% set {} | {} %}}{}{{% endset %}}".format, st.sampled_from(TARGETS), st.sampled_from(FILTERS), body
        ),
        st.builds("{{% filter {} %}}{}{{% endfilter %}}".format, st.sampled_from(FILTERS), body),
        st.builds(
            "{{% autoescape {} %}}{}{{% endautoescape %}}".format, st.sampled_from(("true", "false", "v", "zero")), body
        ),
        st.builds("{}{}".format, body, body),
        st.builds("{}{}{}".format, body, texts, body),
    )


simple = st.one_of(
    texts,
    st.builds("{{{{ {} }}}}".format, expressions),
    st.builds("{{{{ {} }}}}".format, expressions),
    st.builds("{{% set {} = {} %}}".format, targets, expressions),
    st.builds("{{% do noted({}) %}}".format, expressions),
    st.builds(
        "{{% include '{}' {} %}}".format,
        st.sampled_from(("part.html", "none.html")),
        st.sampled_from(("", "ignore missing", "without context")),
    ),
    st.sampled_from(
        (
            "{% import 'lib.html' as lib %}",
            "{% import 'lib.html' as lib with context %}",
            "{% from 'lib.html' import m, n as x %}",
            "{% from 'lib.html' import missing as y %}",
            "{% set ns = namespace(x=1) %}",
            "{% trans x=v %}<{{ x }}>{{ rows }}{% endtrans %}",
            "{% trans %}<i>{{ a }}</i>{% endtrans %}",
            "{% include ['none.html', 'part.html'] %}",
        )
    ),
)
pieces = st.recursive(simple, statement, max_leaves=6)
blocks = {
    name: st.one_of(
        st.just(""),
        st.builds(f"{{{{% block {name} %}}}}{{}}{{{{% endblock %}}}}".format, pieces),
        st.builds(
            f"{{{{% for x in b %}}}}{{{{% block {name} scoped %}}}}{{}}{{{{% endblock %}}}}{{{{% endfor %}}}}".format,
            pieces,
        ),
    )
    for name in ("body", "title")
}
bodies = st.builds("{}{}{}{}".format, pieces, blocks["body"], pieces, blocks["title"])
extends = st.sampled_from(("", "", "{% extends 'base.html' %}", "{% if v %}{% extends 'base.html' %}{% endif %}"))
macros = st.builds(
    "{{% macro m(x, y='<y>', k=1) %}}{}{}{{% endmacro %}}{{% set n = m %}}{{% set ns = namespace(x=1) %}}".format,
    pieces,
    st.sampled_from(("{{ caller(x) if caller }}", "{{ caller(1) if caller else varargs }}", "{{ kwargs }}")),
)
mains = st.builds("{}{}{}".format, extends, macros, bodies)

#: Texts of templates by name, as a case has them.
templates = st.fixed_dictionaries(
    {
        "main": mains,
        "base.html": st.builds(
            "{}{{% block title %}}T{{{{ v }}}}{{% endblock %}}{{% block body %}}{}{{% endblock %}}".format,
            pieces,
            pieces,
        ),
        "lib.html": st.builds("{{% macro m(x, y=1) %}}{}{{% endmacro %}}{{% set n = v %}}".format, pieces),
        "part.html": pieces,
    }
)
#: For each variable the label of its value.
contexts = st.fixed_dictionaries({name: st.sampled_from(MILD) | st.sampled_from(sorted(VALUES)) for name in NAMES})
