"""Functions of Werkzeug 0.1 to 2.0 that fit arguments to a function's parameters."""

from __future__ import annotations

import inspect
import typing as t


class ArgumentValidationError(ValueError):
    """Arguments that a function cannot be called with: some `missing`, some `extra`, some `extra_positional`."""

    def __init__(self, missing: t.Any = None, extra: t.Any = None, extra_positional: t.Any = None) -> None:
        self.missing = set(missing or ())
        self.extra = extra or {}
        self.extra_positional = extra_positional or []
        super().__init__(
            f"function arguments invalid. ({len(self.missing)} missing,"
            f" {len(self.extra) + len(self.extra_positional)} additional)"
        )


def validate_arguments(
    func: t.Callable[..., t.Any], args: t.Sequence[t.Any], kwargs: t.Mapping[str, t.Any], drop_extra: bool = True
) -> tuple[tuple[t.Any, ...], dict[str, t.Any]]:
    """Return arguments to call the function with. Raises ArgumentValidationError; extra ones only if not dropped."""
    signature = inspect.signature(func)
    kinds = [(name, parameter.kind, parameter.default) for name, parameter in signature.parameters.items()]
    takes_rest = any(kind is inspect.Parameter.VAR_POSITIONAL for _, kind, _ in kinds)
    takes_names = any(kind is inspect.Parameter.VAR_KEYWORD for _, kind, _ in kinds)
    names = [name for name, kind, _ in kinds if kind not in _VARIABLE]
    placed = dict(zip(names, args, strict=False))
    more = list(args[len(names) :])
    extra = {name: value for name, value in kwargs.items() if name not in names or name in placed}
    placed.update({name: value for name, value in kwargs.items() if name in names and name not in placed})
    missing = [
        name for name, kind, default in kinds if kind not in _VARIABLE and default is _NONE and name not in placed
    ]
    unwanted = {} if takes_names else extra
    surplus = [] if takes_rest else more
    if missing or ((unwanted or surplus) and not drop_extra):
        raise ArgumentValidationError(missing, unwanted, surplus)
    filled = {name: placed.get(name, signature.parameters[name].default) for name in names}
    return (*filled.values(), *(more if takes_rest else ())), (extra if takes_names else {})


_VARIABLE = (inspect.Parameter.VAR_POSITIONAL, inspect.Parameter.VAR_KEYWORD)
_NONE = inspect.Parameter.empty


def bind_arguments(
    func: t.Callable[..., t.Any], args: t.Sequence[t.Any], kwargs: t.Mapping[str, t.Any]
) -> dict[str, t.Any]:
    """Return the values that the function's parameters would have. Raises ArgumentValidationError."""
    try:
        bound = inspect.signature(func).bind(*args, **kwargs)
    except TypeError:
        raise ArgumentValidationError(extra=dict(kwargs), extra_positional=list(args)) from None
    bound.apply_defaults()
    return dict(bound.arguments)
