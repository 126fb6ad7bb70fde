"""Words that comments do without, each with what to write in its place, and where some of them still stand.

Data alone, for test_words.py. CONTRIBUTING has the words that the project uses.
"""

from __future__ import annotations

# As regular expressions; upper and lower case are the same.
BANNED: dict[str, str] = {
    r"told|tells?|telling": "passed, returned, notified; says, shows; distinguishes; knows",
    r"asked|asks?|asking": "requested, called, read; requires",
    r"held": "stored, borrowed, locked, blocked, buffered",
    r"kept": "stored, cached, referenced, retained",
    r"whoever|somebody|someone|anybody": "the caller, a thread, a client, the program",
    r"(goes|go|going) the way of": "is handled like",
    r"has (its|their) say": "is called, decides",
}

# How often they stand in the comments of a folder. The numbers only fall; a folder that is not here has none.
LEFT: dict[str, int] = {
    "python/ferroflask/lazy": 11,
    "python/ferroflask/url_map": 6,
    "src/engine/form": 21,
    "src/engine/hooks": 9,
    "src/engine/lifecycle": 9,
    "src/engine/request": 25,
    "src/engine/static_file": 24,
    "src/engine/test_client": 1,
    "src/engine/url_map": 15,
    "src/server/connection": 20,
}
