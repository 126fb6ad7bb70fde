"""How a blueprint's place is worked out: the name it registers under, what a nested one takes from its parent."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from .app import App
    from .blueprints import Blueprint, BlueprintSetupState


def free_name(blueprint: Blueprint, app: App, options: dict[str, Any]) -> str:
    """Return the dotted name to register the blueprint under. ValueError when the app has one of that name."""
    own = options.get("name", blueprint.name)
    full = f"{options.get('name_prefix', '')}.{own}".lstrip(".")
    holder = app.blueprints.get(full)
    if holder is None:
        return full
    which = "this" if holder is blueprint else "a different"
    where = "" if own == full else f" '{full}'"
    raise ValueError(
        f"The name '{own}' is already registered for {which} blueprint{where}. Use 'name=' to provide a unique name."
    )


def options_below(
    parent: BlueprintSetupState, parent_name: str, child: Blueprint, options: dict[str, Any]
) -> dict[str, Any]:
    """Return a nested blueprint's options as seen from the app: its place joined with the parent's."""
    seen = dict(options)
    places = {
        "subdomain": _joined(parent.subdomain, _choice(options, "subdomain", child), _join_subdomains),
        "url_prefix": _joined(parent.url_prefix, _choice(options, "url_prefix", child), join_paths),
    }
    seen.update((key, place) for key, place in places.items() if place is not None)
    seen["name_prefix"] = parent_name
    return seen


def join_paths(outer: str, inner: str) -> str:
    """Join two parts of a URL path with exactly one slash."""
    return f"{outer.rstrip('/')}/{inner.lstrip('/')}"


def _join_subdomains(outer: str, inner: str) -> str:
    return f"{inner}.{outer}"


def _choice(options: dict[str, Any], key: str, blueprint: Blueprint) -> str | None:
    given: str | None = options.get(key)
    return getattr(blueprint, key) if given is None else given


def _joined(outer: str | None, inner: str | None, join: Callable[[str, str], str]) -> str | None:
    if outer is None or inner is None:
        return inner if outer is None else outer
    return join(outer, inner)
