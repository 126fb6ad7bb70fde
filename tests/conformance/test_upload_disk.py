"""Uploads that go to disk: into which folder, what a failing disk raises, and that a file that was used before gives
nothing of its earlier content away, also not to a process that was forked meanwhile.
"""

from __future__ import annotations

import errno
import io
import os
import resource
import subprocess
import sys
import tempfile
import typing as t
from collections.abc import Iterator
from pathlib import Path

import pytest
from werkzeug.formparser import FormDataParser, default_stream_factory

from ferroflask import _core

PROGRAMS = Path(__file__).parent / "programs"
File = t.Any
LARGE = 1_000_000

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="nameless files are Linux's")


def body_of(content: bytes) -> bytes:
    return b'--b\r\nContent-Disposition: form-data; name="f"; filename="f"\r\n\r\n' + content + b"\r\n--b--"


def ours(content: bytes, factory: t.Any = default_stream_factory) -> File:
    body = body_of(content)
    kind = "multipart/form-data; boundary=b"
    return _core.parse_multipart(io.BytesIO(body), kind, len(body), stream_factory=factory)[1]["f"].stream


def stock(content: bytes, factory: t.Any = default_stream_factory) -> File:
    body, parser = body_of(content), FormDataParser(stream_factory=factory)
    return parser.parse(io.BytesIO(body), "multipart/form-data", len(body), {"boundary": "b"})[2]["f"].stream


SIDES = pytest.mark.parametrize("side", [ours, stock])


@pytest.fixture
def closing() -> Iterator[t.Callable[..., File]]:
    """A stream factory whose streams are closed, since nobody gets them when parsing fails."""
    made: list[File] = []

    def factory(*arguments: t.Any, **named: t.Any) -> File:
        made.append(default_stream_factory(*arguments, **named))
        return made[-1]

    yield factory
    for file in made:
        file.close()


@pytest.fixture(autouse=True)
def no_files_kept() -> Iterator[None]:
    _core.forget_upload_files()
    yield
    _core.forget_upload_files()


def opened() -> dict[str, int]:
    """Return the nameless files this process has open, and the size of each."""
    found = {}
    for entry in os.listdir("/proc/self/fd"):
        try:
            name = os.readlink(f"/proc/self/fd/{entry}")
            if name.endswith("(deleted)"):
                found[name] = os.stat(f"/proc/self/fd/{entry}").st_size
        except OSError:
            continue
    return found


def test_a_file_is_used_again() -> None:
    first = ours(b"a" * LARGE)
    before = opened()
    second = ours(b"b" * LARGE)
    assert len(opened()) == len(before) + 1
    second.close()
    first.close()
    third = ours(b"c" * LARGE)
    assert len(opened()) == len(before) + 1
    assert third.read() == b"c" * LARGE
    third.close()


def test_nothing_is_seen_of_an_earlier_content() -> None:
    ours(b"secret" * LARGE).close()
    file = ours(b"x" * LARGE)
    assert file.read() == b"x" * LARGE
    assert file.seek(0, os.SEEK_END) == LARGE
    assert file.read() == b""
    assert file.seek(3 * LARGE) == 3 * LARGE
    assert file.read(LARGE) == b""
    number = file.fileno()
    assert os.fstat(number).st_size == LARGE
    assert os.pread(number, 10, LARGE) == b""
    assert os.pread(number, 10, LARGE - 3) == b"xxx"
    file.close()


def test_a_file_that_was_given_away_is_not_used_again() -> None:
    file = ours(b"x" * LARGE)
    number = os.dup(file.fileno())
    file.close()
    ours(b"y" * LARGE).close()
    with os.fdopen(number, "rb") as kept:
        kept.seek(0)
        assert kept.read() == b"x" * LARGE


def test_a_forked_process_keeps_its_file() -> None:
    file = ours(b"x" * LARGE)
    told, tell = os.pipe()
    go, let_go = os.pipe()
    child = os.fork()
    if not child:
        # Nothing but the file: this is a copy of pytest.
        os.read(go, 1)
        os.write(tell, b"same" if file.read() == b"x" * LARGE else b"other")
        os._exit(0)
    file.close()
    ours(b"y" * LARGE).close()
    os.write(let_go, b"!")
    assert os.read(told, 10) == b"same"
    os.waitpid(child, 0)
    for number in (told, tell, go, let_go):
        os.close(number)


@SIDES
def test_the_folder_is_the_one_of_the_moment(side: t.Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    side(b"x" * LARGE).close()
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    before = set(opened())
    file = side(b"y" * LARGE)
    (name,) = set(opened()) - before
    assert name.startswith(str(tmp_path))
    file.close()


@SIDES
def test_the_folder_may_be_the_programs_own(side: t.Any, tmp_path: Path) -> None:
    def factory(*_: object, **__: object) -> object:
        return tempfile.SpooledTemporaryFile(1000, dir=str(tmp_path))

    before = set(opened())
    file = side(b"x" * LARGE, factory)
    (name,) = set(opened()) - before
    assert name.startswith(str(tmp_path))
    file.close()


@SIDES
def test_a_folder_that_is_not_there(
    side: t.Any, closing: t.Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path / "none"))
    with pytest.raises(FileNotFoundError):
        side(b"x" * LARGE, closing)


@SIDES
def test_a_temporary_file_of_the_programs_own(side: t.Any, monkeypatch: pytest.MonkeyPatch) -> None:
    made = io.BytesIO()
    monkeypatch.setattr(tempfile, "TemporaryFile", lambda **_: made)
    file = side(b"x" * LARGE)
    assert made.getvalue() == b"x" * LARGE
    file.close()


@SIDES
def test_a_disk_that_takes_no_more(side: t.Any, closing: t.Any) -> None:
    limits = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (700_000, limits[1]))
    try:
        with pytest.raises(OSError, match=os.strerror(errno.EFBIG)) as raised:
            side(b"x" * LARGE, closing)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, limits)
    assert raised.value.errno == errno.EFBIG


def test_a_full_disk(tmp_path: Path) -> None:
    """Files that are kept make room; where there is none, the error is that of stock."""
    disk = 'mount -t tmpfs -o size=24m none "$0" && exec "$@"'
    private = ["unshare", "--map-root-user", "--mount", "sh", "-c", disk, str(tmp_path)]
    if subprocess.run([*private, "true"], capture_output=True, check=False).returncode:
        pytest.skip("no disk of its own: that takes user namespaces")
    printed = {}
    for side in ("ours", "stock"):
        command = [*private, sys.executable, str(PROGRAMS / "full_disk.py"), side]
        environment = os.environ | {"TMPDIR": str(tmp_path)}
        ended = subprocess.run(command, env=environment, capture_output=True, text=True, timeout=60, check=False)
        assert ended.returncode == 0, ended.stderr
        printed[side] = ended.stdout.splitlines()
    assert printed["ours"] == printed["stock"]
    assert printed["ours"].count(f"OSError {errno.ENOSPC}") == 2
