"""What a URL rule is given beside its text: the default endpoint, the methods, who answers OPTIONS. No URL matching."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from ..typing import RouteCallable

if TYPE_CHECKING:
    from ..config import Config


def _endpoint_from_view_func(view_func: RouteCallable | None) -> str:
    """The endpoint of a view that was registered without one: the function's name."""
    assert view_func is not None, "expected view func if endpoint is not provided."
    return view_func.__name__


def methods_and_automatic_options(
    view_func: RouteCallable | None, methods: Iterable[str] | None, automatic: bool | None, config: Config
) -> tuple[set[str], bool]:
    """Return the rule's methods, upper-case, and whether OPTIONS is answered for the view.

    What the call leaves open, the function's attributes `methods` and `provide_automatic_options` decide; what they
    leave open, GET alone and the setting PROVIDE_AUTOMATIC_OPTIONS do. Its `required_methods` are added in any case.
    TypeError when `methods` is a string.
    """
    if methods is None:
        methods = getattr(view_func, "methods", None) or ("GET",)
    if isinstance(methods, str):
        raise TypeError('Allowed methods must be a list of strings, for example: @app.route(..., methods=["POST"])')
    accepted = {method.upper() for method in methods}
    required = set(getattr(view_func, "required_methods", ()))

    if automatic is None:
        automatic = getattr(view_func, "provide_automatic_options", None)
    if automatic is None:
        automatic = bool("OPTIONS" not in accepted and config["PROVIDE_AUTOMATIC_OPTIONS"])
        if automatic:
            required.add("OPTIONS")
    return accepted | required, automatic
