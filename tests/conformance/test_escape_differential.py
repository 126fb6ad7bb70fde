"""`escape` in compiled templates against MarkupSafe's, and where templates get it from."""

from __future__ import annotations

import typing as t

import flask
import jinja2.runtime
import markupsafe
import pytest
from hypothesis import given, strategies as st

from ferroflask import _core


class Text(str):
    """A subclass, which is text all the same."""


class Lazy:
    def __str__(self) -> str:
        return "<lazy & 'quoted'>"


class Page:
    def __html__(self) -> str:
        return "<b>already safe</b>"


class Failing:
    def __str__(self) -> str:
        raise RuntimeError("no text")


def same(value: t.Any) -> None:
    expected, found = markupsafe.escape(value), _core.escape(value)
    assert (type(found), str(found)) == (type(expected), str(expected))


@given(st.text(alphabet=st.sampled_from("<>&'\"aé漢\U0001f600\ud800 ")) | st.text())
def test_text(text: str) -> None:
    same(text)
    same(Text(text))
    same(markupsafe.Markup(text))


@given(
    st.integers() | st.floats() | st.booleans() | st.none() | st.binary() | st.lists(st.text(max_size=3), max_size=3)
)
def test_other_values(value: object) -> None:
    same(value)


def test_objects() -> None:
    for value in (Lazy(), Page(), jinja2.runtime.Undefined(name="missing")):
        same(value)
    with pytest.raises(TypeError):
        _core.escape(Page)
    with pytest.raises(RuntimeError, match="no text"):
        _core.escape(Failing())


def test_a_template_uses_it_unless_the_environment_has_its_own(monkeypatch: pytest.MonkeyPatch) -> None:
    app = flask.Flask(__name__)
    with app.app_context():
        assert flask.render_template_string("{{ '<' ~ x }}{{ x }}", x="&") == "&lt;&amp;&amp;"
        monkeypatch.setattr(jinja2.runtime, "escape", lambda value: f"[{value}]")
        assert flask.render_template_string("{{ x }}!", x="&") == "[&]!"
