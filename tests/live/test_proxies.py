"""An application behind `ProxyFix` answers what it answers when Werkzeug's own code is called for every request."""

from __future__ import annotations

import re
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from .program import Program
from .serving import Site

PROGRAM = Path(__file__).with_name("proxied_program.py")

SENT: list[list[str]] = [
    [],
    ["X-Forwarded-For: 192.0.2.7", "X-Forwarded-Proto: https"],
    ["X-Forwarded-For: 192.0.2.7, 192.0.2.8", "X-Forwarded-Proto: https,http"],
    ["X-Forwarded-For: 192.0.2.7", "X-Forwarded-For: 192.0.2.9"],
    ["X-Forwarded-For: ", "X-Forwarded-Proto: ,", "X-Forwarded-Host: ,,"],
    ["X-Forwarded-For: a,", "X-Forwarded-Proto: , https", "X-Forwarded-Host: b, ,c"],
    ['X-Forwarded-For: "192.0.2.7, x", y', 'X-Forwarded-Proto: "https"', 'X-Forwarded-Host: "open'],
    ["X-Forwarded-Host: b.test:81", "X-Forwarded-Prefix: /c"],
    ["X-Forwarded-Host: b.test", "X-Forwarded-Port: 82", "X-Forwarded-Prefix: /c/d/"],
    ["X-Forwarded-Host: [::1]", "X-Forwarded-Port: 83", "X-Forwarded-Proto: wss"],
    ["X-Forwarded-Host: [::1]:84, e.test:85, f.test:86", "X-Forwarded-Port: 87, 88, 89"],
    ["X-Forwarded-Port: 90", "X-Forwarded-Prefix: c, d"],
    ["X-Forwarded-Port: no-number", "X-Forwarded-Proto: odd", "X-Forwarded-Prefix: /%41/\xc3\xa9"],
    ["X_Forwarded_For: 192.0.2.66", "Cookie: a=b", "Cookie: c=d", "Forwarded: for=192.0.2.77"],
]

REQUESTS = [
    *("GET /seen", "GET /early", "GET /hello?a=b%20c", "GET /environ?\xc3\xa9", "GET /away", "GET /slash?x"),
    *("GET /file", "GET /stream", "GET /session", "GET /nowhere", "GET http://other.test/seen", "PUT /hello"),
    "HEAD /hello",
]

FORM = ["Content-Type: application/x-www-form-urlencoded", "Content-Length: 3"]

APPLICATIONS = ("usual", "all_", "two", "none", "odd", "twice", "marked", "passed")


def without_own(text: str, port: int) -> str:
    """Return an answer's text without what no two servers have in common."""
    return re.sub(rf"\b{port}\b|session=[^;]+|(Date|ETag|Allow)', '[^']+'", "…", text)


def asked(site: Site) -> list[str]:
    """Return every answer as text."""
    wire = site.wire()
    answers = []
    for request in REQUESTS:
        for sent in SENT:
            wire.send("\r\n".join([f"{request} HTTP/1.1", "Host: a.test:8080", *sent, "", ""]).encode("latin-1"))
            answer = wire.answer(to_head=request.startswith("HEAD"))
            answers.append(f"{request} {sent}\n{answer.line} {answer.headers} {answer.body.decode()}")
    wire.send("\r\n".join(["POST /form HTTP/1.1", "Host: a", *FORM, "", "a=b"]).encode())
    answers.append(wire.answer().body.decode())
    wire.send(b"GET /environ HTTP/1.0\r\nX-Forwarded-Host: b.test\r\nX-Forwarded-Port: 91\r\n\r\n")
    answers.append(wire.answer().body.decode())
    wire.close()
    return [without_own(answer, site.port) for answer in answers]


@pytest.fixture
def start(start_program: Callable[..., Program]) -> Callable[[str], Site]:
    serve = [sys.executable, "-m", "ferroflask", "serve", "--bind", "127.0.0.1:0"]
    return lambda name: Site(start_program([*serve, f"{PROGRAM}:{name}"]))


@pytest.mark.parametrize("name", APPLICATIONS)
def test_answers_are_those_of_werkzeugs_own_code(start: Callable[[str], Site], name: str) -> None:
    ours, theirs = asked(start(name)), asked(start(f"called_{name}"))
    assert len(ours) > 150
    assert ours == theirs


def test_settings_are_read_for_each_request(start: Callable[[str], Site]) -> None:
    wire = start("usual").wire()
    seen = []
    for path in ("/early", "/trust/0", "/early", "/trust/2", "/early"):
        wire.send(f"GET {path} HTTP/1.1\r\nHost: a\r\nX-Forwarded-For: 192.0.2.7, 192.0.2.8\r\n\r\n".encode())
        seen.append(wire.answer().body.decode())
    wire.close()
    assert ["192.0.2.8" in seen[0], "127.0.0.1" in seen[2], "192.0.2.7" in seen[4]] == [True] * 3
