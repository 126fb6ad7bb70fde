"""What old extensions import from Python and Python no longer has. It is lent to these modules alone, while they load:
other programs may look for the same names to find out which Python they run on.
"""

from __future__ import annotations

import collections
import collections.abc
import threading
import typing as t
from contextlib import contextmanager

#: Module -> names of `collections.abc` that it takes from `collections`, where they were until Python 3.10.
LENT = {
    "flask_restplus.model": ("MutableMapping",),
    "flask_restplus.schemas": ("Mapping",),
}

_one_at_a_time = threading.RLock()


@contextmanager
def lent_to(module: str) -> t.Iterator[None]:
    """Have `collections` offer what the module needs, inside the block."""
    with _one_at_a_time:
        lent = [name for name in LENT.get(module, ()) if name not in vars(collections)]
        vars(collections).update({name: getattr(collections.abc, name) for name in lent})
        try:
            yield
        finally:
            for name in lent:
                del vars(collections)[name]
