"""The examples of the five tutorial series that are the first acceptance ground, by number. Each needs a case.

The first number is the series: 000 is of Flask 0.10's time, 001 of 2.x to 3.x, 002 are notes of a book on Flask 1.0,
003 articles on 1.0.2, 004 a course on 2.0 to 2.2.
"""

from __future__ import annotations

ROWS = frozenset(
    [f"000-{number}" for number in range(1, 9)]
    + [f"001-{number}" for number in range(1, 9)]
    + [f"002-{number}" for number in range(1, 39)]
    + ["003-2", "003-3.1", "003-3.2", "003-3.3/4", "003-4.2", "003-4.2b", "003-4.3a", "003-4.3b/c", "003-4.4"]
    + ["003-5.2", "003-5.3", "003-5.3b", "003-6.2", "003-6.3a", "003-6.3b", "003-6.4", "003-7"]
    + ["003-8.2", "003-8.3", "003-8.4", "003-8.5", "003-9", "003-10", "003-11", "003-12.1", "003-12.2"]
    + ["003-13", "003-13.5", "003-14", "003-15.2", "003-15.4", "003-15.5", "003-cmd"]
    + [f"004-{number}" for number in range(1, 23)]
    + ["004-23/24", "004-25", "004-26", "004-27", "004-28", "004-cmd"]
)
