"""The table of the extensions' own test suites, run on stock Flask and on ours. One more suite is one more row here.

How many pass depends on what else is installed (some want database servers): what counts is that both sides give the
same, test by test, and that `at_least` so many pass on both.
"""

from __future__ import annotations

from .suites import Suite

EXTENSION_SUITES = (
    Suite(
        name="flask-login",
        distribution="Flask-Login",
        version="0.6.3",
        sha256="5e23d14a607ef12806c699590b89d0f0e0d67baeec599d75947bf9c147330333",
        paths=("tests",),
        total=114,
        at_least=114,
        config="setup.cfg",
        needs=("semantic-version",),
    ),
    Suite(
        name="flask-wtf",
        distribution="Flask-WTF",
        version="1.3.0",
        sha256="61d5dabc50c3df885c297dcbd80810443a5d632106c8a69cab8ce740f0cdd7cc",
        paths=("tests",),
        total=85,
        at_least=83,
    ),
    Suite(
        name="flask-moment",
        distribution="Flask-Moment",
        version="1.0.6",
        sha256="2f8969907cbacde4a88319792e8f920ba5c9dd9d99ced2346cad563795302b88",
        paths=("tests",),
        total=43,
        at_least=43,
    ),
    Suite(
        name="flask-marshmallow",
        distribution="Flask-Marshmallow",
        version="1.5.0",
        sha256="7c06b56e41647eccdb3cd57c25b109f19191b4c62509362bd64920cdf601a066",
        paths=("tests",),
        total=50,
        at_least=50,
    ),
    Suite(
        name="flask-migrate",
        distribution="Flask-Migrate",
        version="4.1.0",
        sha256="1a336b06eb2c3ace005f5f2ded8641d534c18798d64061f6ff11f79e1434126d",
        paths=("tests",),
        total=7,
        at_least=7,
    ),
    Suite(
        name="flask-sqlalchemy",
        distribution="Flask-SQLAlchemy",
        version="3.1.1",
        sha256="e4b68bb881802dda1a7d878b2fc84c06d1ee57fb40b874d3dc97dabfa36b8312",
        paths=("tests",),
        total=452,
        at_least=450,
    ),
    Suite(
        name="flask-jsonrpc",
        distribution="Flask-JSONRPC",
        version="4.0.0",
        sha256="468018215a1363f44e519d9f50248bfd4f3e1f6a7c6e709ac4039fa43be327ce",
        paths=("tests/unit",),
        total=359,
        at_least=358,
        config="",
        plugins=("pytest_mock",),
        needs=("pytest-mock",),
    ),
)
