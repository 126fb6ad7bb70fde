"""Flask-OpenID: a login at a provider that runs inside the program, from discovery to the session."""

from __future__ import annotations

from pathlib import Path

import pytest

from .asking import Ask, Case
from .harness import compare, needs

needs("Flask-OpenID")

CASE = Case(
    program="openid_reader.py",
    # Ports of the provider, nonces, handles, signatures, and pickles that hold them.
    random=(
        r"127\.0\.0\.1(:|%3A|%253A)\d+",
        r"janrain_nonce(=|%3D)[^&\"]+?(?=&|%26|$|\")",
        r"openid\.assoc_handle=[^&\"]+",
        r"(?<=Set-Cookie: )\S+",
    ),
    asks=(
        Ask("GET", "/", holds=("null",)),
        Ask("GET", "/provider", take={"provider": r"http://127.0.0.1:(\d+)"}),
        Ask("GET", "/login?next=/inside", holds=("error=None",)),
        Ask("POST", "/login", form={"openid": "http://127.0.0.1:<<provider>>/nobody"}, status=302),
        Ask("GET", "/login", holds=("error=",)),
        Ask("GET", "/logout"),
    ),
)


@pytest.mark.parametrize("door", ["client", "socket"])
def test_same_answers(door: str, tmp_path: Path) -> None:
    compare(CASE, door, tmp_path)
