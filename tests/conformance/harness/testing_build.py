"""`_core` with what only tests call, which `make build` compiles and a wheel has not; its importers are skipped."""

from __future__ import annotations

import pytest

from ferroflask import _core

__all__ = ["_core"]

if not hasattr(_core, "parse_multipart"):
    pytest.skip("this ferroflask was compiled without the feature `testing`; see `make build`", allow_module_level=True)
