"""The two session cookies of the article series, opened by the session interface of an app of ours. Over a socket,
beside stock Flask, they are in cases_article_series.py.
"""

from __future__ import annotations

import flask
import pytest
from itsdangerous import BadSignature, SignatureExpired
from itsdangerous.serializer import Serializer

from .vectors import FIRST, ONE_MESSAGE, SECOND, SECRET, TWO_MESSAGES


@pytest.fixture
def serializer() -> Serializer[str]:
    app = flask.Flask(__name__)
    app.secret_key = SECRET
    serializer = app.session_interface.get_signing_serializer(app)  # type: ignore[attr-defined]
    assert serializer is not None
    return serializer


@pytest.mark.parametrize(("cookie", "messages"), [(ONE_MESSAGE, [FIRST]), (TWO_MESSAGES, [FIRST, SECOND])])
def test_cookie_verifies(serializer: Serializer[str], cookie: str, messages: list[tuple[bytes, bytes]]) -> None:
    assert serializer.loads(cookie, max_age=None) == {"_flashes": messages}


@pytest.mark.parametrize("cookie", [ONE_MESSAGE, TWO_MESSAGES])
def test_cookie_is_too_old(serializer: Serializer[str], cookie: str) -> None:
    with pytest.raises(SignatureExpired):
        serializer.loads(cookie, max_age=31 * 86400)


@pytest.mark.parametrize("changed", [0, 40, -30, -1])
def test_changed_cookie_does_not_verify(serializer: Serializer[str], changed: int) -> None:
    letters = list(ONE_MESSAGE)
    letters[changed] = "A" if letters[changed] != "A" else "B"
    with pytest.raises(BadSignature):
        serializer.loads("".join(letters), max_age=None)
