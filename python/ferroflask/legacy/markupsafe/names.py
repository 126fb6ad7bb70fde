"""Names that MarkupSafe had in older releases."""

from __future__ import annotations

from ..machinery.registry import Table, moved, version_of

#: Module name -> name -> what it was.
NAMES: Table = {
    "markupsafe": {
        "__version__": version_of("markupsafe", "MarkupSafe 3.1"),
        "soft_unicode": moved("markupsafe.soft_unicode", "0.9 to 2.1", "markupsafe.soft_str"),
    },
}
