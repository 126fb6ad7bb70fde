"""Importing it fails if the Werkzeug beside us is one that this package can't work with: before anything else of it is
used, where the errors would be obscure ones.

It must cost next to nothing, so it looks for something that Werkzeug 3.1 brought, not for a version.
"""

from __future__ import annotations


def _check_werkzeug() -> None:
    """Raise ImportError if Werkzeug is older than 3.1; the message says what was found and what to do."""
    import werkzeug

    try:
        from werkzeug.sansio.response import Response
    except ImportError:
        fits = False
    else:
        code = getattr(Response.set_cookie, "__code__", None)
        # Another function is a replacement for it, and says nothing.
        fits = code is None or "partitioned" in code.co_varnames
    if not fits:
        raise ImportError(_complaint(vars(werkzeug).get("__version__")))


def _complaint(found: str | None) -> str:
    from importlib.metadata import PackageNotFoundError, version

    def installed(name: str) -> str:
        try:
            return version(name)
        except PackageNotFoundError:
            return "(of an unknown version)"

    return (
        f"ferroflask {installed('ferroflask')} needs Flask 3.1 and Werkzeug 3.1 or newer, but found"
        f" Flask {installed('flask')} and Werkzeug {found or installed('werkzeug')}."
        " Install Flask 3.1, or set FERROFLASK=0 to use the Flask that is installed."
    )


_check_werkzeug()
