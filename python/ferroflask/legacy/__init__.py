"""What older releases of Flask and its libraries had and today's have not: names, modules, keyword arguments, settings,
environment variables. Each works, and warns with the replacement; `FERROFLASK_LEGACY=0` turns all of it off.

`machinery.registry` says how a former name is served, the module `names` in each library's folder which there are;
`flask.members` and `machinery.library_members` do the same for attributes of classes. `machinery.importing` makes the
libraries' own modules answer for them. Nothing here imports `flask` before a name is used that needs it.
"""

from __future__ import annotations

from .machinery.keywords import (
    LEGACY_KEYWORDS as LEGACY_KEYWORDS,
    LegacyKeyword as LegacyKeyword,
    renamed as renamed,
    todays_file_arguments as todays_file_arguments,
    todays_keywords as todays_keywords,
)
from .machinery.registry import (
    LegacyName as LegacyName,
    enabled as enabled,
    legacy_getattr as legacy_getattr,
    moved as moved,
    table_of as table_of,
)
