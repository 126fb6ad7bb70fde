"""Takes out of an output what may differ between two runs of anything: clocks, ports, folders, an engine's own frames.
Everything else stays as it was printed.
"""

from __future__ import annotations

import base64
import email.utils
import json
import re
import zlib
from dataclasses import dataclass
from pathlib import Path

from .http_client import WireAnswer

ACCESS_LINE = re.compile(r"^\S+ - - \[[^\]]+\] .*$", re.MULTILINE)
HTTP_DATE = re.compile(r"\w{3}, \d\d \w{3} \d{4} \d\d:\d\d:\d\d GMT")
SESSION = re.compile(r"^session=(?P<value>\.?[\w-]+\.[\w-]+\.[\w-]+)")
FILE_ETAG = re.compile(r'(?P<stem>"\d+\.\d+-\d+-)(?P<path>\d+)"')
FRAME = re.compile(r'^\s+File "(?P<file>[^"]+)", line \d+')

#: Of the connection and of the server, not of the program; looked at one by one where a test is about them.
TRANSPORT = {"date", "server", "connection", "keep-alive", "transfer-encoding"}


@dataclass(frozen=True)
class Place:
    """Where a side ran."""

    folder: Path
    port: int

    def clean(self, text: str) -> str:
        """Name the folder and the port instead of giving them."""
        text = text.replace(str(self.folder), "<folder>")
        return re.sub(rf"(?<!\d){self.port}(?!\d)", "<port>", text) if self.port else text

    def file_sums(self) -> set[str]:
        """What Werkzeug mixes into the ETag of a file: a sum over its path."""
        paths = (str(path) for path in self.folder.rglob("*"))
        return {str(zlib.adler32(path.encode())) for path in paths}


def clean_output(text: str, place: Place) -> str:
    """Printed lines without clocks, addresses of objects and the engine's own frames in tracebacks."""
    text = place.clean(text)
    text = re.sub(r"\[\d\d/\w{3}/\d{4} \d\d:\d\d:\d\d\]", "[<time>]", text)
    text = re.sub(r"\[\d{4}-\d\d-\d\d \d\d:\d\d:\d\d,\d{3}\]", "[<time>]", text)
    text = re.sub(r"\b0x[0-9a-f]{6,}", "0x<address>", text)
    text = HTTP_DATE.sub("<date>", text)
    # The one line of its own that ours prints (docs/differences.md).
    text = re.sub(r"^ \* Engine: ferroflask .*\n", "", text, flags=re.MULTILINE)
    # watchdog's complaints about folders that are too large for it, and its second event for one change.
    text = re.sub(r"^Inotify.*\n", "", text, flags=re.MULTILINE)
    text = re.sub(r"^( \* Detected change in .*\n)\1+", r"\1", text, flags=re.MULTILINE)
    return "\n".join(_own_frames(text.splitlines()))


def _own_frames(lines: list[str]) -> list[str]:
    kept, inside, showing = [], False, True
    for line in lines:
        if line.startswith("Traceback (most recent call last):"):
            inside, showing = True, True
        elif inside and (frame := FRAME.match(line)):
            showing = frame["file"].startswith("<folder>")
        elif inside and not line.startswith(" "):
            inside, showing = False, True
        if showing:
            kept.append(line)
    return kept


@dataclass(frozen=True)
class CleanAnswer:
    """An answer that equals another side's answer if both are right."""

    status_line: str
    headers: tuple[tuple[str, str], ...]
    body: bytes
    surplus: bytes
    #: The moments that were masked, in seconds since 1970; they may differ a little.
    moments: tuple[float, ...]


def clean_answer(answer: WireAnswer, place: Place, only: tuple[str, ...]) -> CleanAnswer:
    """Status line, headers and body without what the clock and the place decide."""
    moments: list[float] = []
    sums = place.file_sums() if answer.values("ETag") else set()
    headers = []
    for name, value in answer.headers:
        if name.lower() in TRANSPORT or (only and name.lower() == "content-length"):
            continue
        value = place.clean(value)
        if name.lower() in {"set-cookie", "expires"}:
            value = HTTP_DATE.sub(lambda date: _mask_date(date[0], moments), value)
        if name.lower() == "set-cookie":
            value = SESSION.sub(lambda cookie: f"session={session_payload(cookie['value'])}", value)
        if name.lower() == "etag":
            value = FILE_ETAG.sub(lambda tag: tag["stem"] + ("<path>" if tag["path"] in sums else "?") + '"', value)
        headers.append((name, value))
    body = answer.body
    if only:
        text = body.decode("utf-8", "backslashreplace")
        body = "\n".join(found[0] for part in only for found in re.finditer(part, text, re.DOTALL)).encode()
    body = place.clean(body.decode("latin-1")).encode("latin-1") if place.port else body
    status_line = f"{answer.protocol} {answer.status} {answer.reason}"
    return CleanAnswer(status_line, tuple(headers), body, answer.surplus, tuple(moments))


def _mask_date(text: str, moments: list[float]) -> str:
    moment = email.utils.parsedate_to_datetime(text).timestamp()
    if moment < 86400:  # the epoch, with which cookies are deleted, is no clock
        return text
    moments.append(moment)
    return "<date>"


def session_payload(cookie: str) -> str:
    """The JSON inside a signed session cookie, without looking at its signature."""
    packed = cookie.startswith(".")
    payload = cookie.lstrip(".").split(".")[0]
    raw = base64.urlsafe_b64decode(payload + "=" * (-len(payload) % 4))
    return json.dumps(json.loads(zlib.decompress(raw) if packed else raw), ensure_ascii=False)
