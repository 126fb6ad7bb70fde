"""URLs as older releases wrote them: queries that `url_for` quotes further, and redirects that go out as they are. Each
function changes one application, which the switch of the era has thrown back.
"""

from __future__ import annotations

import typing as t
from functools import cache

from werkzeug.urls import iri_to_uri

if t.TYPE_CHECKING:
    from flask import Flask

#: Era -> what its Werkzeug quoted in a query, and today's does not.
QUOTED = {"2.1": "/:?@", "1.1": "/:?@!$'()*,;", "1.0": "/:?@!$'()*,;"}


def quote_queries(app: Flask, characters: str) -> None:
    """Have `url_for` percent-encode these characters in queries too."""
    todays = app.url_for
    quoted = str.maketrans({each: f"%{ord(each):02X}" for each in characters})

    def url_for(*args: t.Any, **values: t.Any) -> str:
        # A path has no question mark, and a fragment may have one.
        rest, hash_sign, fragment = todays(*args, **values).partition("#")
        path, question_mark, query = rest.partition("?")
        return path + question_mark + query.translate(quoted) + hash_sign + fragment

    vars(app)["url_for"] = url_for
    if "jinja_env" in vars(app):
        app.jinja_env.globals["url_for"] = url_for


@cache
def _sent_as_it_is(cls: t.Any) -> t.Any:
    """Return a subclass of a response class, under its own name, whose `Location` is not normalized."""

    def get_wsgi_headers(self: t.Any, environ: t.Any) -> t.Any:
        """Return the headers as they go out."""
        headers = cls.get_wsgi_headers(self, environ)
        headers["Location"] = self.headers["Location"]
        return headers

    members = {"__module__": cls.__module__, "__doc__": cls.__doc__, "get_wsgi_headers": get_wsgi_headers}
    return type(cls.__name__, (cls,), members)


def keep_locations(app: Flask) -> None:
    """Have a redirect to a URL of ASCII without spaces sent as it was given, with a question mark at its end."""
    todays = app.redirect

    def redirect(location: str, code: int = 302) -> t.Any:
        made = todays(location, code)
        given = made.headers["Location"]
        if given.isascii() and len(given.split()) == 1 and iri_to_uri(given) != given:
            t.cast(t.Any, made).__class__ = _sent_as_it_is(t.cast(t.Any, type(made)))
        return made

    vars(app)["redirect"] = redirect
