"""Flask-OpenID: a login at a provider that runs inside the program, from discovery to the session."""

from __future__ import annotations

from pathlib import Path

import pytest

from .asking import Ask, Case
from .harness import compare, needs

needs("Flask-OpenID")

CASE = Case(
    program="openid_reader.py",
    # Ports of the provider, nonces, handles, signatures; and the session, which holds them.
    random=(
        r"127\.0\.0\.1(:|%3A|%253A)\d+",
        r"janrain_nonce(=|%3D)[^&\"]+?(?=&|%26|$|\")",
        r"openid\.(assoc_handle|sig|response_nonce)=[^&\"\s]+",
        r"(?<=session=)[\w.-]+",
    ),
    asks=(
        Ask("GET", "/", holds=("null",)),
        Ask("GET", "/provider", take={"provider": r"(http://127.0.0.1:\d+)"}),
        Ask("GET", "/login?next=/inside", holds=("error=None",)),
        Ask("POST", "/login", 302, form={"openid": "<<provider>>/nobody"}),
        Ask("GET", "/login", holds=("error=",)),
        Ask("POST", "/login?next=/?in", 302, form={"openid": "<<provider>>/ada"}, take={"to": r"Location: (\S+)"}),
        Ask("POST", "/visit", form={"url": "<<to>>"}, take={"back": r"http://localhost(/login\S+)"}),
        Ask("GET", "<<back>>", 302),
        Ask("GET", "/", holds=("ada ada@example.org Ada L True",)),
        Ask("GET", "<<back>>", 302),
        Ask("GET", "/logout"),
        Ask("POST", "/login", 302, form={"openid": "<<provider>>/ada"}, take={"to": r"Location: (\S+)"}),
        Ask("POST", "/visit", form={"url": "<<to>>&cancel=1"}, take={"back": r"http://localhost(/login\S+)"}),
        Ask("GET", "<<back>>", 302),
        Ask("GET", "/login", holds=("error=",)),
    ),
)


@pytest.mark.parametrize("door", ["client", "socket"])
def test_same_answers(door: str, tmp_path: Path) -> None:
    compare(CASE, door, tmp_path)
