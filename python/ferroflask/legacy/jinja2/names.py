"""Names and modules that Jinja had in older releases."""

from __future__ import annotations

from ..machinery.registry import LegacyName, Table, kept, moved

#: Decorator of old -> decorator of today, both in `jinja2` and `jinja2.utils`.
_PASSING = {
    "contextfunction": "pass_context",
    "contextfilter": "pass_context",
    "environmentfunction": "pass_environment",
    "environmentfilter": "pass_environment",
    "evalcontextfunction": "pass_eval_context",
    "evalcontextfilter": "pass_eval_context",
}


def _passing(home: str, names: list[str]) -> dict[str, LegacyName]:
    return {name: moved(f"{home}.{name}", "2.0 to 3.1", f"jinja2.{_PASSING[name]}") for name in names}


def _markup(home: str) -> dict[str, LegacyName]:
    return {name: moved(f"{home}.{name}", "2.0 to 3.1", f"markupsafe.{name}") for name in ("Markup", "escape")}


def _soft(home: str) -> dict[str, LegacyName]:
    return {"soft_unicode": moved(f"{home}.soft_unicode", "2.0 to 3.0", "markupsafe.soft_str")}


def _urlencode(home: str) -> dict[str, LegacyName]:
    return {"unicode_urlencode": moved(f"{home}.unicode_urlencode", "2.4 to 3.1", "jinja2.utils.url_quote")}


_FILTERS = [name for name in _PASSING if name.endswith("filter")]
_FUNCTIONS = [name for name in _PASSING if name.endswith("function")]
_BUILT_IN = "Templates have it built in."
_COMPAT_NAMES = """PY2 PYPY text_type string_types integer_types iterkeys itervalues iteritems implements_to_string
    implements_iterator with_metaclass reraise range_type unichr NativeStringIO BytesIO StringIO imap izip ifilter
    intern"""

#: Module name -> name -> what it was.
NAMES: Table = {
    "jinja2": {**_passing("jinja2", list(_PASSING)), **_markup("jinja2"), **_soft("jinja2")},
    "jinja2.utils": {
        **_passing("jinja2.utils", _FUNCTIONS),
        **_markup("jinja2.utils"),
        **_soft("jinja2.utils"),
        **_urlencode("jinja2.utils"),
    },
    "jinja2.filters": {
        **_passing("jinja2.filters", _FILTERS),
        **_soft("jinja2.filters"),
        **_urlencode("jinja2.filters"),
    },
    "jinja2.ext": {
        name: kept(f"jinja2.ext.{name}", "2.3 to 3.1", f"jinja2.extensions.{provider}", _BUILT_IN)
        for name, provider in {
            "autoescape": "AutoEscapeExtension",
            "AutoEscapeExtension": "AutoEscapeExtension",
            "with_": "WithExtension",
            "WithExtension": "WithExtension",
        }.items()
    },
    "jinja2._compat": {
        name: kept(f"jinja2._compat.{name}", "2.6 to 3.0", f"machinery.python2.{name}", "Use Python 3's own names.")
        for name in _COMPAT_NAMES.split()
    },
}
