"""What ours refuses, on gunicorn: where it differs. That ours refuses it is a live test."""

from __future__ import annotations

import pytest

from ..live.serving import Site
from ..live.test_server_refusals import MALFORMED
from .servers import HELLO, gunicorn  # noqa: F401

#: The status of what gunicorn 27 serves in the place of refusing it. The other cases it refuses too.
SERVED = {
    "target that ends like a scheme": 404,
    "absolute target without a host": 200,
    "absolute target with a user": 200,
    "connect": 404,
    "connect to a path": 200,
    "fragment": 200,
    "host with a blank": 200,
    "host with a quote": 200,
    "host with a path": 200,
    "host with a user": 200,
    "host beyond ascii": 200,
    "port that is none": 200,
    "no host": 200,
    "coding unknown": 200,
    # The application answers without reading the body. The connection is closed after the answer, or a 400.
    "chunk size is no number": 200,
    "chunk longer than its size": 200,
    "chunk after a bare line feed": 200,
    "request among the trailers": 200,
    "trailer with a blank before its colon": 200,
    "folded trailer": 200,
    "nul in a trailer": 200,
}
#: It waits for the end of it.
WAITED_FOR = {"header without end"}


@pytest.mark.parametrize("name", MALFORMED)
def test_what_gunicorn_does(gunicorn: Site, name: str) -> None:  # noqa: F811
    data, _ = MALFORMED[name]
    wire = gunicorn.wire()
    wire.send(data + HELLO * (not name.endswith("without end")))
    if name in WAITED_FOR:
        wire.socket.settimeout(1)
        with pytest.raises(TimeoutError):
            wire.answer()
    else:
        status = wire.answer().status
        assert status == SERVED.get(name, status if 400 <= status < 500 else "a refusal")
    wire.close()


def test_the_table_names_cases() -> None:
    assert SERVED.keys() | WAITED_FOR <= MALFORMED.keys()
