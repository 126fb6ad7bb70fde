"""Names that MarkupSafe had in older releases."""

from __future__ import annotations

from ..machinery.registry import Table, moved, version_of

#: Module name -> name -> what it was.
NAMES: Table = {
    "markupsafe": {
        "__version__": version_of(
            "markupsafe",
            "0.9 to 3.1",
            "The '__version__' attribute is deprecated and will be removed in MarkupSafe 3.1. Use feature detection, or"
            ' `importlib.metadata.version("markupsafe")`, instead.',
        ),
        "soft_unicode": moved("markupsafe.soft_unicode", "0.9 to 2.1", "markupsafe.soft_str"),
    },
}
