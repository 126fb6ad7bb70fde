"""The examples of the five tutorial series that are the first acceptance ground, by number. Each needs a case.

The first number is the series: 000 is of Flask 0.10's time, 001 of 2.x to 3.x, 002 are notes of a book on Flask 1.0,
003 articles on 1.0.2, 004 a course on 2.0 to 2.2.
"""

from __future__ import annotations

ROWS = frozenset(
    [f"000-{number}" for number in range(1, 9)]
    + [f"001-{number}" for number in range(1, 9)]
    + [f"002-{number}" for number in range(1, 39)]
    + [f"003-{number}" for number in (
        "2 3.1 3.2 3.3/4 4.2 4.2b 4.3a 4.3b/c 4.4 5.2 5.3 5.3b 6.2 6.3a 6.3b 6.4 7 8.2 8.3 8.4 8.5 9 10 11"
        " 12.1 12.2 13 13.5 14 15.2 15.4 15.5 cmd"
    ).split()]
    + [f"004-{number}" for number in [*range(1, 23), "23/24", *range(25, 29), "cmd"]]
)
