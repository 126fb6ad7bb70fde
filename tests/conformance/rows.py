"""The examples of the five tutorial series that are the first acceptance ground. Each needs a case.

The series: a first tutorial of Flask 0.10's time, short notes on 2.x to 3.x, notes of a book on Flask 1.0, articles on
1.0.2, a course in Chinese on 2.0 to 2.2. The cases of each are in the module `cases_*` of its name.
"""

from __future__ import annotations

ROWS = frozenset(
    [f"tutorial-{number}" for number in range(1, 9)]
    + [f"notes-{number}" for number in range(1, 9)]
    + [f"book-{number}" for number in range(1, 39)]
    + ["articles-2", "articles-3.1", "articles-3.2", "articles-3.3/4", "articles-4.2", "articles-4.2b"]
    + ["articles-4.3a", "articles-4.3b/c", "articles-4.4", "articles-5.2", "articles-5.3", "articles-5.3b"]
    + ["articles-6.2", "articles-6.3a", "articles-6.3b", "articles-6.4", "articles-7", "articles-8.2", "articles-8.3"]
    + ["articles-8.4", "articles-8.5", "articles-9", "articles-10", "articles-11", "articles-12.1", "articles-12.2"]
    + ["articles-13", "articles-13.5", "articles-14", "articles-15.2", "articles-15.4", "articles-15.5", "articles-cmd"]
    + [f"course-{number}" for number in range(1, 23)]
    + ["course-23/24", "course-25", "course-26", "course-27", "course-28", "course-cmd"]
)
