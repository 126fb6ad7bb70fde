"""Uploads that go to disk: into which folder, and what a failing disk raises."""

from __future__ import annotations

import contextlib
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

from .harness.testing_build import _core

PROGRAMS = Path(__file__).parent / "programs"
File = t.Any
LARGE = 1_000_000

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="reads /proc")


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


def opened() -> set[str]:
    """Return the nameless files this process has open."""
    found = set()
    for entry in os.listdir("/proc/self/fd"):
        with contextlib.suppress(OSError):
            found.add(os.readlink(f"/proc/self/fd/{entry}"))
    return {name for name in found if name.endswith("(deleted)")}


@SIDES
def test_the_folder_is_the_one_of_the_moment(side: t.Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    side(b"x" * LARGE).close()
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    before = opened()
    file = side(b"y" * LARGE)
    (name,) = opened() - before
    assert name.startswith(str(tmp_path))
    file.close()


@SIDES
def test_the_folder_may_be_the_programs_own(side: t.Any, tmp_path: Path) -> None:
    def factory(*_: object, **__: object) -> object:
        return tempfile.SpooledTemporaryFile(1000, dir=str(tmp_path))

    before = opened()
    file = side(b"x" * LARGE, factory)
    (name,) = opened() - before
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
