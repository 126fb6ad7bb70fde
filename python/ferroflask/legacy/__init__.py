"""What older releases of Flask had and today's has not: names, keyword arguments, environment variables. Each works,
and warns with the replacement. Nothing here imports `flask`.
"""

from __future__ import annotations

from .flask_names import (
    LEGACY_KEYWORDS as LEGACY_KEYWORDS,
    LEGACY_NAMES as LEGACY_NAMES,
    LegacyKeyword as LegacyKeyword,
    LegacyName as LegacyName,
    legacy_getattr as legacy_getattr,
    moved as moved,
    renamed as renamed,
    todays_keywords as todays_keywords,
)
