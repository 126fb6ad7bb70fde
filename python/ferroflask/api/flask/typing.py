"""The type aliases that annotate views, hooks and handlers. Nothing here runs, and no other Flask module is imported.

The names are real at run time, not forward references, so `typing.get_type_hints()` can resolve an annotated view.
"""

from __future__ import annotations

import typing as t

from werkzeug.datastructures import Headers
from werkzeug.sansio.response import Response

if t.TYPE_CHECKING:
    from _typeshed.wsgi import WSGIApplication
else:
    WSGIApplication = t.Callable[..., t.Iterable[bytes]]

# What a view gives back -----------------------------------------------------------------------------------------------

# A body. `Mapping` stands for `dict`, the only mapping that is turned into JSON: to a type checker a TypedDict is not a
# `dict`. The async iterables are for frameworks that share the sans-io classes.
ResponseValue: t.TypeAlias = (
    Response
    | (str | bytes)
    | (list[t.Any] | t.Mapping[str, t.Any])
    | (t.Iterator[str] | t.Iterator[bytes])
    | (t.AsyncIterable[str] | t.AsyncIterable[bytes])
)

# One header's value, and a whole set of headers.
HeaderValue: t.TypeAlias = str | list[str] | tuple[str, ...]
HeadersValue: t.TypeAlias = Headers | t.Mapping[str, HeaderValue] | t.Sequence[tuple[str, HeaderValue]]

# A body alone, with a status, with headers, with both; or another WSGI application to answer in the view's place.
ResponseReturnValue: t.TypeAlias = (
    ResponseValue
    | tuple[ResponseValue, int]
    | tuple[ResponseValue, HeadersValue]
    | tuple[ResponseValue, int, HeadersValue]
    | WSGIApplication
)

# A type variable and not Werkzeug's class itself: a callback annotated with `flask.Response` must be accepted too.
ResponseClass = t.TypeVar("ResponseClass", bound=Response)

# Functions that users register ----------------------------------------------------------------------------------------

# The key of the hook dicts: a blueprint's (dotted) name, or None for the application.
AppOrBlueprintKey: t.TypeAlias = str | None

RouteCallable: t.TypeAlias = t.Callable[..., ResponseReturnValue] | t.Callable[..., t.Awaitable[ResponseReturnValue]]

BeforeFirstRequestCallable: t.TypeAlias = t.Callable[[], None] | t.Callable[[], t.Awaitable[None]]
BeforeRequestCallable: t.TypeAlias = (
    t.Callable[[], ResponseReturnValue | None] | t.Callable[[], t.Awaitable[ResponseReturnValue | None]]
)
AfterRequestCallable: t.TypeAlias = (
    t.Callable[[ResponseClass], ResponseClass] | t.Callable[[ResponseClass], t.Awaitable[ResponseClass]]
)
TeardownCallable: t.TypeAlias = (
    t.Callable[[BaseException | None], None] | t.Callable[[BaseException | None], t.Awaitable[None]]
)

# The parameter is Any because callables are contravariant: one handler takes KeyError, another takes NotFound, and
# either may be registered several times (pallets/flask#4095, #4295, #4297).
ErrorHandlerCallable: t.TypeAlias = (
    t.Callable[[t.Any], ResponseReturnValue] | t.Callable[[t.Any], t.Awaitable[ResponseReturnValue]]
)

URLDefaultCallable = t.Callable[[str, dict[str, t.Any]], None]
URLValuePreprocessorCallable = t.Callable[[str | None, dict[str, t.Any] | None], None]

ShellContextProcessorCallable = t.Callable[[], dict[str, t.Any]]
TemplateContextProcessorCallable: t.TypeAlias = (
    t.Callable[[], dict[str, t.Any]] | t.Callable[[], t.Awaitable[dict[str, t.Any]]]
)
TemplateFilterCallable = t.Callable[..., t.Any]
TemplateGlobalCallable = t.Callable[..., t.Any]
TemplateTestCallable = t.Callable[..., bool]


if not t.TYPE_CHECKING:
    from ._reexports import borrow

    borrow(__name__)
