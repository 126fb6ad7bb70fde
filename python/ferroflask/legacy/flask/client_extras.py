"""What test clients had in older releases: Werkzeug's client an attribute `cookie_jar` until 3.0, and both Werkzeug's
and Flask's `open(as_tuple=True)` until 2.1, of which only Flask's stays.
"""

from __future__ import annotations

import typing as t

from ..machinery.members import LegacyMember, add_members
from ..machinery.registry import enabled, is_tolerated

if t.TYPE_CHECKING:
    from types import ModuleType

    from werkzeug.test import Client, TestResponse

    from ..werkzeug.cookie_jar import ClientCookieJar


def _cookie_jar(client: Client) -> ClientCookieJar | None:
    """Return a client's cookies as a jar; None for a client that keeps no cookies."""
    # Brings a good deal of Python's library along.
    from ..werkzeug.cookie_jar import ClientCookieJar

    return None if client._cookies is None else ClientCookieJar(client)


#: Of Werkzeug's test client.
CLIENT: dict[str, LegacyMember] = {
    "cookie_jar": LegacyMember(_cookie_jar, "0.6 to 3.0", "Use 'get_cookie', 'set_cookie' and 'delete_cookie'."),
}


def mend(test: ModuleType) -> None:
    """Give Werkzeug's test client its former attribute."""
    add_members(test.Client, CLIENT)


def answer_as_tuple(client: t.Any, args: tuple[t.Any, ...], kwargs: dict[str, t.Any]) -> TestResponse:
    """Send a request with a Flask client. `as_tuple=True` in `kwargs` makes it return a pair, of environ and response.

    Raises TypeError when former names are switched off or their warnings errors.
    """
    advice = "open(as_tuple=...) was removed in Werkzeug 2.1. Use 'response.request.environ' instead."
    if not enabled() or not is_tolerated(advice):
        raise TypeError("EnvironBuilder.__init__() got an unexpected keyword argument 'as_tuple'")
    both = kwargs.pop("as_tuple")
    response = client.open(*args, **kwargs)
    return t.cast("TestResponse", (response.request.environ, response) if both else response)
