"""What is left when a request ends early: every body is closed, and the log shows nothing that a client made up."""

from __future__ import annotations

import re

import pytest

from .serving import Site, StartSite, shared_site, start_site  # noqa: F401

GET = b"GET %s HTTP/1.1\r\nHost: a\r\n\r\n"
HELLO = GET % b"/hello"


def closed(site: Site, name: str) -> int:
    return len(re.findall(f"^closed {name} on", site.program.printed, re.MULTILINE))


@pytest.mark.parametrize("how", ["raises", "text", "nothing", "empty"])
def test_a_body_that_never_starts_is_closed(shared_site: Site, how: str) -> None:  # noqa: F811
    before = closed(shared_site, how)
    wire = shared_site.wire()
    wire.send(GET % f"/unstarted?{how}".encode() + HELLO)
    assert [wire.answer().status for _ in range(2)] == [500, 200]
    shared_site.program.wait_for(f"closed {how} on its own thread", count=before + 1)


BODYLESS = {
    "HEAD": (b"HEAD /environ-stream HTTP/1.1\r\nHost: a\r\n\r\n", 200, "facts"),
    "204": (GET % b"/bodyless-stream?204", 204, "bodyless"),
    "304": (GET % b"/bodyless-stream?304", 304, "bodyless"),
    "a header that can't be sent": (GET % b"/unsendable-stream", 500, "unsendable"),
    "a length that ends early": (GET % b"/length-stream?4", 200, "length"),
}


@pytest.mark.parametrize("case", BODYLESS)
def test_a_body_that_is_not_sent_is_closed(shared_site: Site, case: str) -> None:  # noqa: F811
    request, status, name = BODYLESS[case]
    before = closed(shared_site, name)
    for number in range(1, 4):
        wire = shared_site.wire()
        wire.send(request + HELLO)
        assert wire.answer(to_head=case == "HEAD").status == status
        assert wire.answer().body == b"hello"
        shared_site.program.wait_for(f"closed {name} on its own thread", count=before + number)


@pytest.mark.parametrize("method", [b"GET", b"HEAD"])
def test_a_body_of_the_io_thread_is_closed(start_site: StartSite, method: bytes) -> None:  # noqa: F811
    """Its endpoint had earned its place there."""
    site = start_site()
    wire = site.wire()
    for _ in range(100):
        wire.send(GET % b"/sometimes")
        assert wire.answer().body == b"short"
    for number in range(1, 4):
        broken = site.wire()
        broken.send(method + b" /sometimes?2 HTTP/1.1\r\nHost: a\r\n\r\n")
        assert broken.answer(to_head=True).status == 200
        if method == b"GET":
            assert not broken.rest().endswith(b"0\r\n\r\n")
        site.program.wait_for("closed sometimes on", count=number)


def test_a_path_makes_no_log_line_of_its_own(shared_site: Site) -> None:  # noqa: F811
    wire = shared_site.wire()
    wire.send(GET % b"/raises%0a2026-01-01%20root%20logged%20in%1b[2J")
    assert wire.answer().status == 500
    shared_site.program.wait_for(r"Error on request GET /raises\\n2026-01-01 root logged in\\u\{1b\}\[2J")
    assert not re.search("^2026-01-01 root", shared_site.program.printed, re.MULTILINE)
    assert "\x1b" not in shared_site.program.printed


BODIES = {
    "bad chunk": (b"Transfer-Encoding: chunked", b"2\r\nxxpassword=hunter2", "400"),
    "bad chunk behind a good one": (b"Transfer-Encoding: chunked", b"8\r\npassword\r\nhunter2\r\n", "400"),
    "slow": (b"Content-Length: 100", b"password=hunter2", "408"),
    "slow and large": (b"Content-Length: 9000000", b"password=hunter2", "408"),
}


@pytest.mark.parametrize("case", BODIES)
def test_nothing_of_a_body_is_logged(start_site: StartSite, case: str) -> None:  # noqa: F811
    framing, body, status = BODIES[case]
    site = start_site("--body-timeout", "0.5", "--access-log")
    wire = site.wire()
    wire.send(b"POST /size?a%20b HTTP/1.1\r\nHost: a\r\n" + framing + b"\r\n\r\n")
    wire.send(body)
    assert wire.answer().status == int(status)
    assert wire.closed()
    site.program.wait_for(rf"refused with {status}, .*: 'POST /size\?a%20b HTTP/1\.1'")
    assert "hunter2" not in site.program.printed
    assert "password" not in site.program.printed
