"""The classes of templates, for annotations: whoever evaluates those (`typing.get_type_hints`) finds them here, and
until then nobody loads Jinja2 for them.
"""

from __future__ import annotations

import typing as t

if t.TYPE_CHECKING:
    from ._jinja import (
        BaseLoader as BaseLoader,
        BaseTemplate as BaseTemplate,
        DispatchingJinjaLoader as DispatchingJinjaLoader,
        Environment as Environment,
    )
else:

    def __getattr__(name: str) -> t.Any:
        if name.startswith("__"):
            raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
        from . import _jinja

        return getattr(_jinja, name)
