"""The types that the declaring classes share: type variables for decorators, the shapes of the hook dicts. No code."""

from __future__ import annotations

import os
from collections.abc import Callable
from typing import Any, TypeAlias, TypeVar

from ..typing import (
    AfterRequestCallable,
    AppOrBlueprintKey,
    BeforeRequestCallable,
    ErrorHandlerCallable,
    RouteCallable,
    ShellContextProcessorCallable,
    TeardownCallable,
    TemplateContextProcessorCallable,
    TemplateFilterCallable,
    TemplateGlobalCallable,
    TemplateTestCallable,
    URLDefaultCallable,
    URLValuePreprocessorCallable,
)

PathArg: TypeAlias = str | os.PathLike[str]

# {blueprint name or None: [function, …]}
Hooks: TypeAlias = "dict[AppOrBlueprintKey, list[Any]]"

# {blueprint name or None: {status code or None: {exception class: handler}}}
ErrorHandlerSpec: TypeAlias = "dict[AppOrBlueprintKey, dict[int | None, dict[type[Exception], ErrorHandlerCallable]]]"

# A decorator returns what it was given, so each kind of function has its variable.
F = TypeVar("F", bound=Callable[..., Any])
T_route = TypeVar("T_route", bound=RouteCallable)
T_before_request = TypeVar("T_before_request", bound=BeforeRequestCallable)
T_after_request = TypeVar("T_after_request", bound=AfterRequestCallable[Any])
T_teardown = TypeVar("T_teardown", bound=TeardownCallable)
T_error_handler = TypeVar("T_error_handler", bound=ErrorHandlerCallable)
T_url_defaults = TypeVar("T_url_defaults", bound=URLDefaultCallable)
T_url_value_preprocessor = TypeVar("T_url_value_preprocessor", bound=URLValuePreprocessorCallable)
T_shell_context_processor = TypeVar("T_shell_context_processor", bound=ShellContextProcessorCallable)
T_template_context_processor = TypeVar("T_template_context_processor", bound=TemplateContextProcessorCallable)
T_template_filter = TypeVar("T_template_filter", bound=TemplateFilterCallable)
T_template_test = TypeVar("T_template_test", bound=TemplateTestCallable)
T_template_global = TypeVar("T_template_global", bound=TemplateGlobalCallable)
