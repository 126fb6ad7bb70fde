"""Names that Blinker's modules lost: none. What its signals lost is in `library_members`."""

from __future__ import annotations

from ..machinery.registry import Table

#: Module name -> name -> what it was.
NAMES: Table = {}
