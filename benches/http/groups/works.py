"""One row for each kind of work a view does, 32 connections."""

from __future__ import annotations

from ..asking import Request
from ..measures import CpuPerRequest
from ..stages import Stage

__all__ = ["ABOUT", "BODY_1_MIB", "FORM", "STAGES", "TITLE", "multipart"]

TITLE = "CPU per request, by kind of work"
ABOUT = """One server process, 32 connections (two for the upload of 20 MiB). *Without a framework* is a bare WSGI
callable: what the server alone costs. *To a browser* is the hello with the 17 headers that Chrome sends, Host among
them. *Off the plain path* is the hello with a before-, an after- and a teardown-hook, a receiver of a signal, and
Werkzeug's `ProxyFix` around the application. The request of *session, read and write* brings a signed cookie and gets
a new one; that of *session, read* only brings it; that of *session, permanent* brings what an extension for logging in
keeps, and gets the same with a new time."""

BROWSER = {
    "Connection": "keep-alive",
    "Cache-Control": "max-age=0",
    "sec-ch-ua": '"Chromium";v="150", "Not/A)Brand";v="24"',
    "sec-ch-ua-mobile": "?0",
    "sec-ch-ua-platform": '"Linux"',
    "DNT": "1",
    "Upgrade-Insecure-Requests": "1",
    "User-Agent": "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/150.0 Safari/537.36",
    "Accept": "text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,image/webp,image/apng,*/*;q=0.8",
    "Sec-Fetch-Site": "same-origin",
    "Sec-Fetch-Mode": "navigate",
    "Sec-Fetch-User": "?1",
    "Sec-Fetch-Dest": "document",
    "Referer": "http://127.0.0.1/shelf/list?page=2",
    "Accept-Encoding": "gzip, deflate, br, zstd",
    "Accept-Language": "en-GB,en-US;q=0.9,en;q=0.8",
}
FORM = {"Content-Type": "application/x-www-form-urlencoded"}
MULTIPART = {"Content-Type": "multipart/form-data; boundary=----boundary"}


def multipart(size: int) -> bytes:
    """Return the body of a form with one file of so many bytes."""
    head = 'Content-Disposition: form-data; name="image"; filename="a.bin"\r\nContent-Type: application/octet-stream'
    return (
        f"------boundary\r\n{head}\r\n\r\n".encode() + bytes(range(256)) * (size // 256) + b"\r\n------boundary--\r\n"
    )


BODY_1_MIB = multipart(1 << 20)

STAGES = (
    Stage(
        "works:app",
        (
            CpuPerRequest("hello", Request("/")),
            CpuPerRequest("hello, to a browser", Request("/", headers=BROWSER)),
            CpuPerRequest("text in the path", Request("/greet/ada")),
            CpuPerRequest("number in the path", Request("/page/11")),
            CpuPerRequest("one of 200 rules", Request("/r150/7/x/abc")),
            CpuPerRequest("view of a blueprint", Request("/shelf/list")),
            CpuPerRequest("query string", Request("/search?q=iron&shelf=a&shelf=b")),
            CpuPerRequest("JSON out", Request("/json")),
            CpuPerRequest(
                "JSON in and out",
                Request("/add", "POST", b'{"a": 1, "b": 2}', {"Content-Type": "application/json"}),
            ),
            CpuPerRequest("form", Request("/register", "POST", b"name=ada&password=123&fav=a&fav=b", FORM)),
            CpuPerRequest("session, read and write", Request("/visits", log_in="/log-in")),
            CpuPerRequest("session, read", Request("/reader", headers={"Cookie": "theme=dark"}, log_in="/log-in")),
            CpuPerRequest("session, permanent", Request("/reader", log_in="/stay")),
            CpuPerRequest("template", Request("/card")),
            CpuPerRequest("four url_for", Request("/links")),
            CpuPerRequest("cookie, read and set", Request("/theme", headers={"Cookie": "theme=dark; size=large"})),
            CpuPerRequest("static file", Request("/static/style.css")),
            CpuPerRequest("not found", Request("/nowhere", status=404)),
            CpuPerRequest("stream of ten pieces", Request("/stream")),
            CpuPerRequest("upload of 1 MiB", Request("/upload", "POST", BODY_1_MIB, MULTIPART), large=True, seconds=2),
            CpuPerRequest(
                "upload of 20 MiB",
                Request("/upload", "POST", multipart(20 << 20), MULTIPART),
                connections=2,
                large=True,
                seconds=2,
            ),
        ),
    ),
    Stage(
        "hooked:app",
        (
            CpuPerRequest(
                "hello, off the plain path",
                Request("/", headers={"X-Forwarded-For": "192.0.2.7", "X-Forwarded-Proto": "https"}),
            ),
        ),
    ),
    Stage("plain_wsgi:app", (CpuPerRequest("hello, without a framework", Request("/")),), which=""),
)
