"""Static files over a socket: what stock and ours answer to the same request for the same file, while the program, its
settings and its files change.
"""

from __future__ import annotations

import json
import os
import re
import socket
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from itertools import pairwise
from pathlib import Path

import pytest

from .harness.cleaning import HTTP_DATE, TRANSPORT
from .harness.http_client import WireAnswer, ask
from .harness.process import Program, free_ports
from .harness.sides import Side

PROGRAM = Path(__file__).with_name("static_program.py")
#: Of every file; the fraction is in the tag.
MODIFIED = 1_700_000_000_250_000_000
DATE = "Tue, 14 Nov 2023 22:13:20 GMT"
BIG = bytes(range(251)) * 10_000
FILES = {
    "static/style.css": b"body{color:red}\n",
    "static/twin.css": b"as long as style",
    "static/kept.css": b"kept as it is",
    "static/a b.css": b"with a blank",
    "static/empty.txt": b"",
    "static/sub/deep.js": b"let a",
    "static/sub/page.HTML": b"<p>",
    "static/archive.tar.gz": b"packed",
    "static/archive.tgz": b"packed",
    "static/picture.svg": b"<svg/>",
    "static/data.xml": b"<a/>",
    "static/no_extension": b"?",
    "static/.hidden": b".",
    "static/what.own": b"own",
    "static/b(1);c=d.css": b"odd",
    "static/quote'\"\\.css": b"odder",
    "static/gr\u00fc\u00df.css": b"other letters",
    "static/data:text,x.css": b"no URL",
    "static/big.bin": BIG,
    "static/medium.bin": BIG[: 64 * 1024 + 1],
    "other/style.css": b"the other style",
    "other/lonely.css": b"alone",
    "other/twin.css": b"its own twin...",
    "secret.txt": b"secret",
}
TARGETS = [
    "/static/style.css",
    "/static/a%20b.css",
    "/static/empty.txt",
    "/static/sub/deep.js",
    "/static/sub/page.HTML",
    "/static/archive.tar.gz",
    "/static/archive.tgz",
    "/static/picture.svg",
    "/static/data.xml",
    "/static/no_extension",
    "/static/.hidden",
    "/static/what.own",
    "/static/b(1);c=d.css",
    "/static/quote'%22%5C.css",
    "/static/gr%C3%BC%C3%9F.css",
    "/static/data:text,x.css",
    "/static/big.bin",
    "/static/medium.bin",
    "/static/missing.css",
    "/static/sub",
    "/static/sub/",
    "/static/pipe",
    "/static/link.css",
    "/static/../secret.txt",
    "/static/%2E%2E/secret.txt",
    "/static/sub/..%2F..%2F..%2Fsecret.txt",
    "/static/sub/./deep.js",
    "/static/%2Fetc/passwd",
    "/static/style.css%00",
    "/static/style.css%0A",
    "/static/style.css?version=2",
    "/part/other/style.css",
    "/part/other/missing.css",
    "/again/style.css",
]
FEW = ["/static/style.css", "/static/a%20b.css", "/static/missing.css", "/part/other/style.css", "/again/style.css"]
TAG = '"the tag"'
CONDITIONS: list[dict[str, str]] = [
    {"If-None-Match": TAG},
    {"If-None-Match": f"W/{TAG}"},
    {"If-None-Match": f'"other", W/"more",{TAG}'},
    {"If-None-Match": '"other"'},
    {"If-None-Match": '"other"', "If-Modified-Since": DATE},
    {"If-None-Match": TAG.strip('"')},
    {"If-None-Match": "*"},
    {"If-None-Match": ""},
    {"If-Modified-Since": DATE},
    {"If-Modified-Since": "Tue, 14 Nov 2023 22:13:19 GMT"},
    {"If-Modified-Since": "Tuesday, 14-Nov-23 22:13:20 GMT"},
    {"If-Modified-Since": "yesterday"},
    {"If-Match": TAG},
    {"If-Match": '"other"'},
    {"If-Unmodified-Since": "Sat, 01 Jan 2000 00:00:00 GMT"},
    {"Range": "bytes=0-0"},
    {"Range": "bytes=2-5"},
    {"Range": "bytes=3-"},
    {"Range": "bytes=-4"},
    {"Range": "bytes=2-99999999"},
    {"Range": "bytes=-99999999"},
    {"Range": "bytes=99999999-"},
    {"Range": "bytes=5-2"},
    {"Range": "bytes=0-1,3-4"},
    {"Range": "bytes=-0"},
    {"Range": "lines=1-2"},
    {"Range": ""},
    {"Range": "bytes=1-70000"},
    {"Range": "bytes=2-5", "If-None-Match": TAG},
    {"Range": "bytes=2-5", "If-Range": TAG},
    {"Range": "bytes=2-5", "If-Range": '"other"'},
    {"Range": "bytes=2-5", "If-Range": DATE},
    {"Range": "bytes=2-5", "If-Range": "Sat, 01 Jan 2000 00:00:00 GMT"},
    {"If-Range": TAG},
]


class Both:
    """A server of each side over one folder."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.ports = dict(zip(Side, free_ports(len(Side)), strict=True))
        self.programs = {
            side: Program([sys.executable, str(PROGRAM), str(port), str(folder)], folder, side.environment())
            for side, port in self.ports.items()
        }

    def wait(self) -> None:
        for side, program in self.programs.items():
            program.wait_until_listening(self.ports[side], 30)

    def ask(self, target: str, method: str = "GET", headers: dict[str, str] | None = None) -> list[WireAnswer]:
        """Stock's answer and ours."""
        fields = [("Host", "a"), ("Connection", "close"), *(headers or {}).items()]
        return [ask(port, method, target, fields) for port in self.ports.values()]

    def tag(self, target: str) -> str:
        stock, _ = self.ask(target, "HEAD")
        return (*stock.values("ETag"), '"none"')[0]

    def change(self, name: str) -> None:
        assert [answer.body for answer in self.ask(f"/change/{name}", "POST")] == [b"changed"] * 2

    def end(self) -> None:
        for program in self.programs.values():
            program.interrupt(10)


def write(path: Path, content: bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)
    os.utime(path, ns=(MODIFIED, MODIFIED))


@pytest.fixture(scope="module")
def both(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Both]:
    folder = tmp_path_factory.mktemp("files")
    for name, content in FILES.items():
        write(folder / name, content)
    os.mkfifo(folder / "static/pipe")
    (folder / "static/link.css").symlink_to("../secret.txt")
    servers = Both(folder)
    try:
        servers.wait()
        yield servers
    finally:
        servers.end()


@pytest.fixture
def usual(both: Both) -> Both:
    both.change("nothing")
    return both


def shown(answer: WireAnswer) -> tuple[object, ...]:
    """What must be the same. Expires follows the clock, so it is there or not; so is a signed cookie."""
    clocked = {"expires", "set-cookie"}
    fields = [
        (name, HTTP_DATE.sub("<date>", value).partition(".")[0] if name.lower() in clocked else value)
        for name, value in answer.headers
        if name.lower() not in TRANSPORT
    ]
    return answer.status, answer.reason, fields, answer.body, answer.surplus


def assert_same(both: Both, target: str, method: str = "GET", headers: dict[str, str] | None = None) -> WireAnswer:
    stock, ours = both.ask(target, method, headers)
    assert shown(ours) == shown(stock), (method, target, headers)
    assert len(ours.values("Date")) == 1
    return ours


@pytest.mark.parametrize("target", TARGETS)
def test_files(usual: Both, target: str) -> None:
    for method in ("GET", "HEAD", "POST"):
        assert_same(usual, target, method)


@pytest.mark.parametrize(
    "target", [f"/static/{name}" for name in ("style.css", "empty.txt", "big.bin", "archive.tar.gz")]
)
def test_conditions(usual: Both, target: str) -> None:
    tag = usual.tag(target)
    for condition in CONDITIONS:
        headers = {name: value.replace(TAG.strip('"'), tag.strip('"')) for name, value in condition.items()}
        for method in ("GET", "HEAD"):
            assert_same(usual, target, method, headers)


def names_of_changes() -> list[str]:
    lines = PROGRAM.read_text(encoding="utf-8").splitlines()
    defined = [after for line, after in pairwise(lines) if line == "@change"]
    return [line.removeprefix("def ").partition("(")[0] for line in defined]


def sent_by_views() -> list[str]:
    table = PROGRAM.read_text(encoding="utf-8").partition("SENDING: ")[2].partition("\n}\n")[0]
    return re.findall(r'^    "(\w+)": lambda', table, re.MULTILINE)


@pytest.mark.parametrize("name", names_of_changes())
def test_changes(both: Both, name: str) -> None:
    both.change(name)
    # With X-Sendfile there is a length without a body, which the server in front has to send.
    methods = ("HEAD",) if name == "x_sendfile" else ("GET", "HEAD")
    for target in (*FEW, "/static/what.own"):
        tag = both.tag(target)
        for headers in ({}, {"If-None-Match": tag}, {"Range": "bytes=2-5"}, {"Cookie": "session=e30.broken.signature"}):
            for method in methods:
                assert_same(both, target, method, headers)


@pytest.mark.parametrize("hook", ["nothing", "after_hook"])
@pytest.mark.parametrize("name", sent_by_views())
def test_files_sent_by_views(both: Both, name: str, hook: str) -> None:
    both.change(hook)
    target = f"/send/{name}"
    stock, _ = both.ask(target, "HEAD")
    tag = (*stock.values("ETag"), '"none"')[0]
    for headers in ({}, {"If-None-Match": tag}, {"If-Modified-Since": DATE}, {"Range": "bytes=2-5"}, {"Range": "x"}):
        for method in ("GET", "HEAD"):
            # The rest of a file that was read into breaks the length that was announced.
            if (name, method) != ("read_before", "GET"):
                assert_same(both, target, method, headers)
        assert_same(both, f"/look/{name}", headers=headers)


def test_whoever_looks_sees_contexts(usual: Both) -> None:
    """Where nobody does, there are none: each of the hooks, signals and methods that could has to be thought of."""
    _, answer = usual.ask("/watching")
    names = json.loads(answer.body)
    assert len(names) > 20
    for name in names:
        usual.change("nothing")
        for target in FEW * 2:
            assert_same(usual, target)
        assert [answer.body for answer in usual.ask(f"/watch/{name}", "POST")] == [b"watched"] * 2
        for target in FEW:
            assert_same(usual, target)
        notes = json.loads(assert_same(usual, "/noted").body)
        assert {note[0] for note in notes} == {name.removesuffix("_of_blueprint")}, name


def test_permanent_session_is_refreshed(both: Both) -> None:
    both.change("before_hook")
    cookies = [answer.values("Set-Cookie")[0].partition(";")[0] for answer in both.ask("/static/style.css")]
    both.change("before_hook_that_reads")
    for cookie in cookies:  # either side takes both
        answer = assert_same(both, "/static/style.css", headers={"Cookie": cookie})
        assert answer.values("Vary") == ["Cookie"]


def test_replaced_and_removed_files(usual: Both) -> None:
    path, target = usual.folder / "static/changing.txt", "/static/changing.txt"
    assert assert_same(usual, target).status == 404
    write(path, b"first")
    tag = assert_same(usual, target).values("ETag")[0]
    assert assert_same(usual, target, headers={"If-None-Match": tag}).status == 304
    write(path, b"the second")
    assert assert_same(usual, target, headers={"If-None-Match": tag}).body == b"the second"
    os.utime(path, ns=(MODIFIED, -1_500_000_000))
    assert_same(usual, target)
    os.utime(path, ns=(MODIFIED, 1_900_000_000_999_999_999))
    assert_same(usual, target)
    path.unlink()
    path.mkdir()
    assert assert_same(usual, target).status == 404
    path.rmdir()


def test_kept_files(usual: Both) -> None:
    """Files that were last changed a while ago are kept in memory: these by now, the others since long."""
    path, target = usual.folder / "static/kept.css", "/static/kept.css"
    other, one = usual.folder / "static/deposed.css", PROGRAM.with_name("catalogue.py")

    def assert_all_same() -> WireAnswer:
        tag = assert_same(usual, target).values("ETag")[0]
        ranges = [{"Range": "bytes=2-5"}, {"Range": "bytes=-0"}]
        for headers in ({"If-None-Match": tag}, {"If-Modified-Since": DATE}, *ranges):
            for method in ("GET", "HEAD"):
                assert_same(usual, target, method, headers)
        return assert_same(usual, target)

    assert assert_all_same().body == FILES["static/kept.css"]
    with path.open("r+b") as file:
        file.write(b"K")
    os.utime(path, ns=(MODIFIED, MODIFIED))
    assert assert_all_same().body == b"K" + FILES["static/kept.css"][1:]
    path.rename(other)
    assert assert_same(usual, target).status == 404
    for content in (PROGRAM, one, PROGRAM):
        path.symlink_to(content)
        assert assert_all_same().body == content.read_bytes()
        path.unlink()
    write(path, b"new")
    assert assert_all_same().body == b"new"
    path.unlink()
    path.symlink_to(one)
    for name in names_of_changes():
        if name != "x_sendfile":
            usual.change(name)
            assert_same(usual, target)


@pytest.fixture
def without_python(usual: Both) -> Iterator[int]:
    """Our server's port; nothing in Python can send a file there."""
    port = usual.ports[Side.OURS]
    # The first file is sent both ways, to compare.
    assert ask(port, "GET", "/static/style.css", [("Host", "a")]).status == 200
    assert ask(port, "POST", "/python/off", [("Host", "a")]).body == b"off"
    yield port
    assert ask(port, "POST", "/python/on", [("Host", "a")]).body == b"on"


def test_plain_files_need_no_python(without_python: int) -> None:
    host = ("Host", "a")
    targets = ["/static/style.css", "/static/a%20b.css", "/static/big.bin", "/part/other/style.css", "/again/style.css"]
    targets += [f"/send/{name}" for name in ("relative", "path", "large", "attachment", "typed", "below", "closing")]
    for target in targets:
        answer = ask(without_python, "GET", target, [host])
        tag = answer.values("ETag")[0]
        assert answer.status == 200
        assert ask(without_python, "HEAD", target, [host]).status == 200
        assert ask(without_python, "GET", target, [host, ("If-None-Match", tag)]).status == 304
        assert ask(without_python, "GET", target, [host, ("If-Modified-Since", DATE)]).status == 304
        assert ask(without_python, "GET", target, [host, ("Range", "bytes=1-2")]).status == 206
    assert ask(without_python, "GET", "/static/missing.css", [host]).status == 500


def peak_memory(process: int) -> int:
    """The most that a process has had in memory, in bytes."""
    line = next(line for line in Path(f"/proc/{process}/status").read_text().splitlines() if line.startswith("VmHWM"))
    return int(line.split()[1]) * 1024


@pytest.mark.skipif(not Path("/proc/self/status").exists(), reason="memory is read from /proc")
def test_large_files_are_not_held_in_memory(usual: Both) -> None:
    large = usual.folder / "static/large.bin"
    size = 96 * 1024 * 1024
    with large.open("wb") as file:
        file.truncate(size)
        file.seek(size - 3)
        file.write(b"end")
    port, process = usual.ports[Side.OURS], usual.programs[Side.OURS].pid
    fields = [("Host", "a"), ("Connection", "close")]
    ask(port, "GET", "/static/big.bin", fields)
    before = peak_memory(process)

    def leave(_: int) -> None:
        """Go away in the middle, without a word."""
        with socket.create_connection(("127.0.0.1", port)) as client:
            client.sendall(b"GET /static/large.bin HTTP/1.1\r\nHost: a\r\n\r\n")
            assert client.recv(65536).startswith(b"HTTP/1.1 200 OK\r\n")

    with ThreadPoolExecutor(4) as clients:
        list(clients.map(leave, range(8)))
        answers = list(clients.map(lambda _: ask(port, "GET", "/static/large.bin", fields), range(2)))
    assert [(len(answer.body), answer.body[-3:]) for answer in answers] == [(size, b"end")] * 2
    assert peak_memory(process) - before < size // 4
    assert ask(port, "GET", "/static/style.css", fields).body == FILES["static/style.css"]


def test_one_connection_for_many_files(usual: Both) -> None:
    targets = [target for target in FEW if "missing" not in target] + ["/static/medium.bin", "/static/empty.txt"]
    requests = "".join(f"GET {target} HTTP/1.1\r\nHost: a\r\n\r\n" for target in targets * 3)
    with socket.create_connection(("127.0.0.1", usual.ports[Side.OURS]), timeout=15) as client:
        client.sendall(requests.encode() + b"GET /changes HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n")
        received = b"".join(iter(lambda: client.recv(65536), b""))
    assert received.count(b"HTTP/1.1 200 OK\r\n") == len(targets) * 3 + 1
