"""Runs at every interpreter start-up: whoever imports ``flask`` later is sent to ferroflask.

It must stay cheap (nothing is imported that start-up has not loaded already), and it must not rely on ferroflask being
there: after a half-done uninstall this file steps aside and stock Flask is imported. Where ferroflask's package lies is
``ferroflask.activation.import_hook``'s business.
"""

import os
import sys

LIBRARIES = frozenset(("werkzeug", "jinja2", "markupsafe", "itsdangerous", "blinker"))


def attend_to_former_names():
    try:
        from ferroflask.legacy.machinery.importing import attend
    except ImportError:
        return
    attend(after=FlaskFinder)


class FlaskFinder:
    """Answers for the one name ``flask``, and leaves every other name to the finders after it. The first of the
    libraries that lost names brings in the finders that serve those.
    """

    @staticmethod
    def find_spec(name, path=None, target=None):
        if name in LIBRARIES:
            attend_to_former_names()
        if name != "flask":
            return None
        try:
            from ferroflask.activation.import_hook import flask_spec
        except ImportError:
            return None
        return flask_spec()


if os.environ.get("FERROFLASK") != "0":
    sys.meta_path.insert(0, FlaskFinder)
