"""What a program is asked, and the answers in the form that is compared. Pure data; nothing here starts anything."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlencode

from itsdangerous import BadSignature

from ..conformance.harness.cleaning import HTTP_DATE, SESSION, session_payload
from .signing import session_signer

BOUNDARY = "a-line-between-the-parts"
#: Of the server, not of the program.
TRANSPORT = {"date", "server", "connection", "keep-alive"}


@dataclass(frozen=True)
class Ask:
    """One request. `<<name>>` in its texts stands for what an earlier question took from its answer."""

    method: str
    target: str
    #: What both sides must answer, so that two equal breakdowns do not pass.
    status: int = 200
    form: Mapping[str, str] | None = None
    #: Field name → (file name, content): sends multipart, with the fields of `form`.
    files: Mapping[str, tuple[str, str]] | None = None
    json: Any = None
    headers: tuple[tuple[str, str], ...] = ()
    #: Texts that the body holds.
    holds: tuple[str, ...] = ()
    #: Name → pattern with one group, looked for in the body, then in the headers. What it finds differs between the
    #: sides.
    take: Mapping[str, str] = field(default_factory=dict)

    def filled(self, taken: Mapping[str, str]) -> tuple[str, list[tuple[str, str]], bytes]:
        """The target, the headers and the body that are sent."""
        kind, text = self._content(taken)
        headers = [(name, fill(value, taken)) for name, value in self.headers]
        if kind:
            headers.append(("Content-Type", kind))
        return fill(self.target, taken), headers, text.encode()

    def _content(self, taken: Mapping[str, str]) -> tuple[str, str]:
        if self.json is not None:
            return "application/json", fill(json.dumps(self.json), taken)
        fields = {name: fill(value, taken) for name, value in (self.form or {}).items()}
        if self.files is None:
            return ("application/x-www-form-urlencoded", urlencode(fields)) if self.form is not None else ("", "")
        parts = [(f'name="{name}"', value) for name, value in fields.items()]
        for name, (file_name, content) in self.files.items():
            parts.append((f'name="{name}"; filename="{file_name}"\r\nContent-Type: text/plain', content))
        whole = [f"--{BOUNDARY}\r\nContent-Disposition: form-data; {head}\r\n\r\n{body}\r\n" for head, body in parts]
        return f"multipart/form-data; boundary={BOUNDARY}", "".join(whole) + f"--{BOUNDARY}--\r\n"


@dataclass(frozen=True)
class Case:
    """A program and its questions, asked in order with the cookies of the earlier answers."""

    program: str
    asks: tuple[Ask, ...]
    #: Signs the session cookies; given, each of them must verify under it.
    secret: str | None = None
    #: Patterns of random parts (tokens, generated ids): masked on both sides, the rest must be equal.
    random: tuple[str, ...] = ()


@dataclass(frozen=True)
class Answer:
    """As it came: the status line's text, the headers in their order, the body."""

    status: str
    headers: tuple[tuple[str, str], ...]
    body: bytes

    def cleaned(self, case: Case, taken: Mapping[str, str], hidden: Mapping[str, str]) -> Answer:
        """Without what must differ between two runs: clocks, folders, ports, random parts, signatures."""

        def clean(text: str) -> str:
            for pattern in case.random:
                text = re.sub(pattern, "<random>", text)
            for name, value in taken.items():
                text = text.replace(value, f"<{name}>")
            for value, name in hidden.items():
                text = text.replace(value, name)
            return text

        headers = []
        for name, value in self.headers:
            if name.lower() in TRANSPORT:
                continue
            if name.lower() == "set-cookie":
                value = HTTP_DATE.sub(lambda date: date[0] if "1970" in date[0] else "<date>", value)
                if case.secret:
                    value = SESSION.sub(lambda cookie: "session=" + session_payload(cookie["value"]), value)
            # Lengths follow from the bodies, which are compared, except where those have random parts.
            if name.lower() != "content-length" or clean(self.text()) == self.text():
                headers.append((name, clean(value)))
        return Answer(self.status, tuple(headers), clean(self.text()).encode())

    def text(self) -> str:
        return self.body.decode("utf-8", "backslashreplace")

    def complaints(self, ask: Ask, case: Case) -> list[str]:
        """What is wrong with the answer whatever the other side says."""
        found = [] if self.status.startswith(str(ask.status)) else [f"status {self.status!r}, not {ask.status}"]
        found += [f"the body has no {text!r}" for text in ask.holds if text not in self.text()]
        for name, value in self.headers:
            if name.lower() == "set-cookie" and case.secret and (cookie := SESSION.match(value)):
                try:
                    session_signer(case.secret).unsign(cookie["value"], max_age=3600)
                except BadSignature as reason:
                    found.append(f"the session cookie does not verify: {reason}")
        return found


def fill(text: str, taken: Mapping[str, str]) -> str:
    return re.sub(r"<<(\w+)>>", lambda name: taken.get(name[1], name[0]), text)
