"""Flask with its request-time engine in Rust.

Importing this package makes a later ``import flask`` ours, where the start-up hook has not done so already. It must
stay cheap: the engine (`ferroflask._core`) is loaded by our ``flask`` package, never from here.
"""

from __future__ import annotations

import warnings

from .activation.import_hook import active, install

__all__ = ["__version__", "active", "install"]


def __getattr__(name: str) -> str:
    # Seldom needed, and reading a distribution's metadata costs more than everything else here.
    if name == "__version__":
        from importlib.metadata import version

        return version("ferroflask")
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")


try:
    install()
except RuntimeError as error:
    warnings.warn(str(error), RuntimeWarning, stacklevel=2)
