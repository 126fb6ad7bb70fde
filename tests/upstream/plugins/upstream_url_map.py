"""A pytest plugin that puts our map of URLs where Werkzeug's is, before the tests of Werkzeug's routing import it.

With FERROFLASK=0 it does nothing, so that the same command gives the result of stock.
"""

from __future__ import annotations

import os

if os.environ.get("FERROFLASK") != "0":
    import werkzeug.routing

    from ferroflask.url_map.map import UrlMap

    werkzeug.routing.Map = UrlMap  # type: ignore[misc]
