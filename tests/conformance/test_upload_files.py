"""The stream of an uploaded file beside stock's: whatever a program does with it, both give the same.

A file over 500 kB is Python's temporary file. Ours is read from memory for as long as it can be if the body is there.
"""

from __future__ import annotations

import copy
import io
import os
import pickle
import random
import tempfile
import typing as t
import zipfile
from collections.abc import Iterator

import pytest
from werkzeug.datastructures import FileStorage
from werkzeug.formparser import FormDataParser, default_stream_factory

from .harness.testing_build import _core

File = t.Any
Step = t.Callable[[File], object]
Upload = t.Callable[..., "Pair"]

LIMIT = 500 * 1024
LINES = b"".join(b"%d,\xff\r\n" % number for number in range(80_000))
CONTENTS = {
    "small": b"one\ntwo",
    "at the limit": LINES[:LIMIT],
    "past the limit": LINES[: LIMIT + 1],
    "large": LINES,
}


class Pair(t.NamedTuple):
    """The same upload, parsed by ours and by Werkzeug's."""

    ours: File
    stock: File

    def agree(self, step: Step, name: str = "") -> None:
        ours, stock = raised(step, self.ours), raised(step, self.stock)
        assert ours == stock, name


def raised(step: Step, file: File) -> object:
    """What it gives, or the exception it raises."""
    try:
        return step(file)
    except Exception as error:
        return type(error), str(error)


@pytest.fixture(params=[bytes, io.BytesIO], ids=["memory", "stream"])
def upload(request: pytest.FixtureRequest) -> Iterator[t.Callable[..., Pair]]:
    """Parse a file of the given content; the streams are closed at the end."""
    pairs: list[Pair] = []

    def parse(content: bytes, factory: t.Any = default_stream_factory) -> Pair:
        pairs.append(parsed(content, factory, request.param))
        return pairs[-1]

    yield parse
    for pair in pairs:
        for file in pair:
            file.close()


def parsed(content: bytes, factory: t.Any, source: t.Any) -> Pair:
    head = b'--b\r\nContent-Disposition: form-data; name="f"; filename="f"\r\n\r\n'
    body = head + content + b"\r\n--b--"
    _, ours = _core.parse_multipart(source(body), "multipart/form-data; boundary=b", len(body), stream_factory=factory)
    parser = FormDataParser(stream_factory=factory)
    _, _, stock = parser.parse(io.BytesIO(body), "multipart/form-data", len(body), {"boundary": "b"})
    return Pair(ours["f"].stream, stock["f"].stream)


def saved(file: File) -> bytes:
    kept = io.BytesIO()
    FileStorage(file).save(kept)
    return kept.getvalue()


STEPS: dict[str, Step] = {
    "read": lambda f: f.read(),
    "read 10": lambda f: f.read(10),
    "read 5000": lambda f: f.read(5000),
    "read -1": lambda f: f.read(-1),
    "read None": lambda f: f.read(None),
    "read -2": lambda f: f.read(-2),
    "read text": lambda f: f.read("1"),
    "read too much": lambda f: f.read(1, 2),
    "read1": lambda f: f.read1(100),
    "readinto": lambda f: f.readinto(bytearray(100)),
    "readline": lambda f: f.readline(),
    "readline 3": lambda f: f.readline(3),
    "readlines": lambda f: f.readlines(100),
    "line by line": lambda f: next(iter(f)),
    "all lines": lambda f: len(list(f)),
    "tell": lambda f: f.tell(),
    "to the start": lambda f: f.seek(0),
    "from here": lambda f: f.seek(7, 1),
    "from the end": lambda f: f.seek(-9, os.SEEK_END),
    "past the end": lambda f: f.seek(10**7),
    "before the start": lambda f: f.seek(-1),
    "from nowhere": lambda f: f.seek(0, 9),
    "seek text": lambda f: f.seek("a"),
    "write": lambda f: f.write(b"new"),
    "write text": lambda f: f.write("new"),
    "writelines": lambda f: f.writelines([b"a", b"b"]),
    "truncate": lambda f: f.truncate(20),
    "flush": lambda f: f.flush(),
    "descriptor": lambda f: os.pread(f.fileno(), 20, 5),
    "name": lambda f: type(f.name),
    "mode": lambda f: f.mode,
    "encoding": lambda f: f.encoding,
    "rolled": lambda f: (f._rolled, hasattr(f, "_TemporaryFileArgs")),
    "rollover": lambda f: f.rollover(),
    "what it can": lambda f: (f.readable(), f.writable(), f.seekable(), f.isatty(), f.closed),
    "closed": lambda f: f.closed,
    "close": lambda f: f.close(),
    "with": lambda f: f.__enter__() is f and f.__exit__(None, None, None),
    "text": lambda f: io.TextIOWrapper(f, "latin-1").readline(),
    "zip": lambda f: zipfile.is_zipfile(f),
    "save": saved,
    "file: read": lambda f: f._file.read(8),
    "file: peek": lambda f: f._file.peek(8)[:8] if f._rolled else None,
    "file: size": lambda f: os.fstat(f._file.fileno()).st_size,
    "file: kinds": lambda f: (isinstance(f._file, io.BufferedIOBase), isinstance(f, tempfile.SpooledTemporaryFile)),
    "file: text": lambda f: repr(f._file)[:25],
    "file: with": lambda f: f._file.__enter__() is f._file and f._file.__exit__(None, None, None),
    "file: unknown": lambda f: f._file.unknown,
    "file: has": lambda f: [hasattr(f._file, name) for name in ("raw", "detach", "__len__", "encoding")],
    "copy": lambda f: type(raised(copy.copy, f._file)),
    "pickle": lambda f: type(raised(pickle.dumps, f._file)),
}


@pytest.mark.parametrize("content", CONTENTS)
@pytest.mark.parametrize("name", STEPS)
def test_one_step(upload: Upload, name: str, content: str) -> None:
    pair = upload(CONTENTS[content])
    for step in [name, "tell", "read 10", "close", name]:
        pair.agree(STEPS[step], step)


@pytest.mark.parametrize("seed", range(60))
def test_many_steps(upload: Upload, seed: int) -> None:
    chance = random.Random(seed)
    pair = upload(CONTENTS["large"])
    names = [name for name in STEPS if name not in ("text", "close", "with", "file: with")]
    for name in [*chance.choices(names, k=12), "to the start", "read"]:
        pair.agree(STEPS[name], name)


class Listening(io.BytesIO):
    """A stream of a program's own."""

    def __init__(self) -> None:
        super().__init__()
        self.heard: list[tuple[type, bool]] = []

    def write(self, data: t.Any) -> int:
        # Werkzeug reads 64 KiB at a time, and holds back what may be a boundary.
        self.heard.append((type(data), len(data) < 65_536 + 80))
        return super().write(data)


def spooled(room: int, before: bytes = b"") -> t.Callable[..., object]:
    def factory(*_: object, **__: object) -> object:
        file = tempfile.SpooledTemporaryFile(max_size=room)  # noqa: SIM115
        file.write(before)
        return file

    return factory


def test_streams_of_the_programs_own_are_written_to(upload: Upload) -> None:
    pair = upload(LINES, lambda *_, **__: Listening())
    pair.agree(lambda file: set(file.heard))
    pair.agree(STEPS["read"])


@pytest.mark.parametrize("before", [b"", b"before"])
@pytest.mark.parametrize("room", [0, 10, len(LINES)])
def test_spooled_files_of_other_sizes(upload: Upload, room: int, before: bytes) -> None:
    pair = upload(LINES, spooled(room, before))
    pair.agree(STEPS["rolled"])
    pair.agree(STEPS["read"])


@pytest.mark.parametrize("name", ["write", "rollover", "_check"])
def test_a_patched_spooled_file_is_called(upload: Upload, monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    upload(b"")
    calls: list[object] = []
    own = getattr(tempfile.SpooledTemporaryFile, name)

    def patched(self: object, *arguments: object) -> object:
        calls.append(self)
        return own(self, *arguments)

    monkeypatch.setattr(tempfile.SpooledTemporaryFile, name, patched)
    pair = upload(LINES)
    assert calls.count(pair.ours) == calls.count(pair.stock) > 0
    pair.agree(STEPS["read"])
