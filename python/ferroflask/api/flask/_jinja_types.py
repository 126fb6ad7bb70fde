"""The classes of templates, for annotations: what evaluates those (`typing.get_type_hints`) finds them here, and
until then nobody loads Jinja2 for them.
"""

from __future__ import annotations

import typing as t

if t.TYPE_CHECKING:
    from jinja2 import BaseLoader, Template as BaseTemplate

    from ._jinja import DispatchingJinjaLoader, Environment

    __all__ = ["BaseLoader", "BaseTemplate", "DispatchingJinjaLoader", "Environment"]
else:

    def __getattr__(name: str) -> t.Any:
        if name.startswith("__"):
            raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
        from . import _jinja

        return getattr(_jinja, name)
