"""Runs at every interpreter start-up: whoever imports ``flask`` later is sent to ferroflask.

It must stay cheap (nothing is imported that start-up has not loaded already), and it must not rely on ferroflask being
there: after a half-done uninstall this file steps aside and stock Flask is imported. Where ferroflask's package lies is
``ferroflask.activation.import_hook``'s business.
"""

import os
import sys

LIBRARIES = frozenset(("werkzeug", "jinja2", "markupsafe", "itsdangerous", "blinker"))


def library_spec(name, path, target):
    try:
        from ferroflask.legacy.machinery.importing import LibraryFinder, attend
    except ImportError:
        return None
    attend(after=FlaskFinder)
    # Python 3.14 and later go through a copy of the finders, without one that has just been put in.
    return LibraryFinder.find_spec(name, path, target) if LibraryFinder in sys.meta_path else None


class FlaskFinder:
    """Answers for the one name ``flask``, and leaves every other name to the finders after it. The first of the
    libraries that lost names brings in the finders that serve those.
    """

    @staticmethod
    def find_spec(name, path=None, target=None):
        if name in LIBRARIES:
            return library_spec(name, path, target)
        if name != "flask":
            return None
        try:
            from ferroflask.activation.import_hook import flask_spec
        except ImportError:
            return None
        return flask_spec()


if os.environ.get("FERROFLASK") != "0":
    sys.meta_path.insert(0, FlaskFinder)
