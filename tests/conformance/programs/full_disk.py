"""Parses uploads while the disk for them, of 24 MiB, is nearly full, and while it is full; by our parser or Werkzeug's."""

import hashlib
import io
import sys

from werkzeug.formparser import FormDataParser, default_stream_factory

from ferroflask import _core

MIB = 1 << 20
OURS = sys.argv[1] == "ours"
made = []


def factory(*arguments, **named):
    made.append(default_stream_factory(*arguments, **named))
    return made[-1]


def upload(size, fill):
    """Print what arrives, and return its file."""
    head = b'--b\r\nContent-Disposition: form-data; name="f"; filename="f"\r\n\r\n'
    body = head + fill * (size // len(fill)) + b"\r\n--b--"
    stream, kind = io.BytesIO(body), "multipart/form-data"
    try:
        if OURS:
            files = _core.parse_multipart(stream, f"{kind}; boundary=b", len(body), stream_factory=factory)[1]
        else:
            files = FormDataParser(stream_factory=factory).parse(stream, kind, len(body), {"boundary": "b"})[2]
    except OSError as error:
        print(type(error).__name__, error.errno)
        # Nobody else has it.
        made[-1].close()
        return made[-1]
    content = files["f"].read()
    print(len(content), hashlib.sha256(content).hexdigest())
    return files["f"]


def close(*files):
    for file in files:
        file.close()


close(upload(9 * MIB, b"one"), upload(9 * MIB, b"two"))
close(upload(20 * MIB, b"long"))
close(upload(30 * MIB, b"too long"))
close(upload(15 * MIB, b"one"), upload(15 * MIB, b"too much together"))
close(upload(20 * MIB, b"again"))
