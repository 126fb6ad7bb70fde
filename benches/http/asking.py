"""What is asked of a server, and one connection that asks it: for a look at the answer, and to warm the server up."""

from __future__ import annotations

import http.client
import time
from dataclasses import dataclass, field, replace

__all__ = ["Request", "WrongAnswer", "logged_in", "warm_up"]


class WrongAnswer(Exception):
    """Another status than the row is about."""


@dataclass(frozen=True)
class Request:
    """A request that is repeated.

    `status` is what it has to be answered with; `log_in` is a path to be asked once before, whose cookie is then sent.
    """

    path: str
    method: str = "GET"
    body: bytes = b""
    headers: dict[str, str] = field(default_factory=dict)
    status: int = 200
    log_in: str = ""


def logged_in(request: Request, port: int) -> Request:
    """Return the request with the cookie that the server gives at `log_in`, before the cookies that it has."""
    if not request.log_in:
        return request
    with_cookie = ask(http.client.HTTPConnection("127.0.0.1", port, timeout=10), Request(request.log_in))
    cookies = [with_cookie.partition(";")[0], request.headers.get("Cookie", "")]
    return replace(request, headers={**request.headers, "Cookie": "; ".join(filter(None, cookies))})


def warm_up(request: Request, port: int, seconds: float, timeout: float = 10) -> None:
    """Ask over one connection for so long, at least three times. Raises WrongAnswer at the first one.

    `timeout` is how many seconds an answer may take.
    """
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=timeout)
    deadline = time.monotonic() + seconds
    asked = 0
    while asked < 3 or time.monotonic() < deadline:
        ask(connection, request)
        asked += 1
    connection.close()


def ask(connection: http.client.HTTPConnection, request: Request) -> str:
    """Ask once; return the cookie that came, if any."""
    connection.request(request.method, request.path, request.body or None, request.headers)
    answer = connection.getresponse()
    answer.read()
    if answer.status != request.status:
        raise WrongAnswer(
            f"{request.method} {request.path.split('?')[0]} was answered with {answer.status}, not {request.status}"
        )
    return answer.headers.get("Set-Cookie", "")
