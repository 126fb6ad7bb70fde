"""Views that take their time, streams, disconnects, several processes, and how all of it ends."""

from __future__ import annotations

import os
import re
import shlex
import signal
import socket
import struct
import subprocess
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

import pytest

from .program import Program
from .serving import APP, Site, StartSite, develop_command, serve_command, shared_site, start_develop, start_site  # noqa: F401
from .wire import Wire

Result = TypeVar("Result")

GET = b"GET %s HTTP/1.1\r\nHost: a\r\n\r\n"


def in_threads(count: int, do: Callable[[], Result]) -> list[Result]:
    results: list[Result] = []
    threads = [threading.Thread(target=lambda: results.append(do())) for _ in range(count)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(20)
    return results


def test_slow_views_do_not_hold_up_others(shared_site: Site) -> None:  # noqa: F811
    started = time.monotonic()
    sleepers = [shared_site.wire() for _ in range(30)]
    for wire in sleepers:
        wire.send(GET % b"/sleep?1")
    for _ in range(100):
        assert shared_site.ask("GET /hello") == b"hello"
    assert time.monotonic() - started < 0.9
    assert [wire.answer().body for wire in sleepers] == [b"slept"] * 30
    assert time.monotonic() - started < 5


def test_a_view_may_ask_its_own_server(start_site: StartSite) -> None:  # noqa: F811
    """Also once it runs on the I/O thread, whose connections somebody else has to serve meanwhile."""
    site = start_site()
    wire = site.wire()
    for _ in range(200):
        wire.send(GET % b"/self")
        assert wire.answer().body == b"itself"
    for _ in range(3):
        started = time.monotonic()
        wire.send(GET % b"/self?again")
        assert wire.answer().body == b"itself"
        assert in_threads(4, lambda: site.ask("GET /self?again")) == [b"itself"] * 4
        assert time.monotonic() - started < 2
        for _ in range(100):
            wire.send(GET % b"/self")
            wire.answer()


def test_a_short_view_that_once_waits_holds_nobody_up(start_site: StartSite) -> None:  # noqa: F811
    """What was left with the thread that ran it, and what came later, is answered by others."""
    site = start_site()
    wires = [site.wire() for _ in range(20)]
    for _ in range(40):
        for wire in wires:
            wire.send(GET % b"/sleep?0")
        assert [wire.answer().body for wire in wires] == [b"slept"] * 20
    started = time.monotonic()
    waiting, *others = wires
    waiting.send(GET % b"/sleep?3")
    for _ in range(3):
        for wire in others:
            wire.send(GET % b"/sleep?0")
        assert [wire.answer().body for wire in others] == [b"slept"] * 19
    assert time.monotonic() - started < 2
    assert waiting.answer().body == b"slept"


def test_nobody_is_held_up_beside_a_thread_that_computes(start_site: StartSite) -> None:  # noqa: F811
    """Then requests are gathered and served together: the answers of those that were served before one that waits do
    not wait with it."""
    site = start_site()
    assert site.ask("GET /compute") == b"computes"
    wires = [site.wire() for _ in range(20)]
    # It takes luck to be gathered in the order that matters.
    for number in range(200):
        # A path of its own each time: one on which somebody once waited would have to prove itself for longer.
        nap = b"/nap/%d?%%s" % number
        for _ in range(5):
            for wire in wires:
                wire.send(GET % (nap % b"briefly"))
            assert [wire.answer().body for wire in wires] == [b"slept"] * 20
        waiting = wires[10 + number % 10]
        for wire in wires:
            wire.send(GET % (nap % (b"until-woken" if wire is waiting else b"briefly")))
        assert [wire.answer().body for wire in wires if wire is not waiting] == [b"slept"] * 19
        assert site.ask("GET /wake") == b"woken"
        assert waiting.answer().body == b"slept"


def test_one_thread_runs_one_request_at_a_time(start_site: StartSite) -> None:  # noqa: F811
    serial = start_site("--threads", "1")
    assert in_threads(5, lambda: serial.ask("GET /counted")) == [b"1"] * 5
    assert b" False False" in serial.ask("GET /facts")


def test_several_threads_run_several_requests(shared_site: Site) -> None:  # noqa: F811
    assert max(int(most) for most in in_threads(5, lambda: shared_site.ask("GET /counted"))) > 1


def test_stream_that_fails_at_once_is_a_500(shared_site: Site) -> None:  # noqa: F811
    wire = shared_site.wire()
    closed = shared_site.program.printed.count("closed broken")
    wire.send(GET % b"/broken-stream?0" + GET % b"/hello")
    assert wire.answer().status == 500
    assert wire.answer().body == b"hello"
    shared_site.program.wait_for("RuntimeError: the stream broke")
    shared_site.program.wait_for("closed broken", count=closed + 1)


def test_stream_that_fails_later_is_cut_off(shared_site: Site) -> None:  # noqa: F811
    wire = shared_site.wire()
    closed = shared_site.program.printed.count("closed broken")
    wire.send(GET % b"/broken-stream?2")
    assert not wire.rest().endswith(b"0\r\n\r\n")
    shared_site.program.wait_for("closed broken", count=closed + 1)


@pytest.mark.parametrize("reset", [False, True])
def test_disconnect_closes_the_iterable(shared_site: Site, reset: bool) -> None:  # noqa: F811
    closed = shared_site.program.printed.count("closed endless")
    wire = shared_site.wire()
    wire.send(GET % b"/endless?0.01")
    wire.take(5000)
    if reset:
        wire.socket.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    wire.close()
    shared_site.program.wait_for("closed endless on its own thread", count=closed + 1)


def test_stream_of_an_endpoint_that_had_earned_its_place(start_site: StartSite) -> None:  # noqa: F811
    """Its view runs on the I/O thread, so its stream is iterated there, once, and nobody else has to wait for it."""
    site = start_site()
    wire = site.wire()
    for _ in range(100):
        wire.send(GET % b"/hello")
        wire.answer()
    for number in range(1, 4):
        streaming = site.wire()
        streaming.send(GET % b"/endless?0.01")
        streaming.take(3000)
        started = time.monotonic()
        for _ in range(20):
            assert site.ask("GET /hello") == b"hello"
        assert time.monotonic() - started < 2
        streaming.close()
        site.program.wait_for("closed endless on its own thread", count=number)


def test_many_streams_at_once(shared_site: Site) -> None:  # noqa: F811
    wires = [shared_site.wire() for _ in range(100)]
    for wire in wires:
        wire.send(GET % b"/endless?0.2")
    for wire in wires:
        wire.take(2500)
    assert shared_site.ask("GET /hello") == b"hello"
    for wire in wires:
        wire.close()


def test_sigterm_waits_for_answers(start_site: StartSite) -> None:  # noqa: F811
    site = start_site()
    idle, busy = site.wire(), site.wire()
    idle.send(GET % b"/hello")
    idle.answer()
    busy.send(GET % b"/sleep?1")
    site.program.wait_for("sleeping")
    site.program.process.send_signal(signal.SIGTERM)
    assert idle.closed()
    answer = busy.answer()
    assert (answer.body, answer.all("Connection")) == (b"slept", ["close"])
    assert site.program.process.wait(5) == 0


@pytest.mark.parametrize(
    ("options", "answer"), [([], b"True"), (["--workers", "2"], b"True"), (["--no-gc-freeze"], b"False")]
)
def test_the_loaded_application_is_frozen(start_site: StartSite, options: list[str], answer: bytes) -> None:  # noqa: F811
    assert start_site(*options).ask("GET /frozen") == answer


@pytest.mark.parametrize(
    ("signals", "options"),
    [
        ([signal.SIGINT], []),
        ([signal.SIGTERM, signal.SIGTERM], []),
        ([signal.SIGTERM], ["--graceful-timeout", "0.3"]),
        ([signal.SIGINT], ["--workers", "2"]),
    ],
)
def test_impatient_ends(start_site: StartSite, signals: list[signal.Signals], options: list[str]) -> None:  # noqa: F811
    site = start_site(*options)
    wire = site.wire()
    wire.send(GET % b"/sleep?30")
    site.program.wait_for("sleeping")
    for number in signals:
        site.program.process.send_signal(number)
        time.sleep(0.1)
    assert site.program.process.wait(8) == 0


def test_access_log(start_site: StartSite) -> None:  # noqa: F811
    site = start_site("--access-log")
    site.ask("GET /method?x=%20y")
    site.program.wait_for(r'^127\.0\.0\.1 - - \[.*GMT\] "GET /method\?x=%20y HTTP/1\.1" 200$')


def test_unix_socket_and_inherited_socket(start_program: Callable[..., Program], tmp_path: Path) -> None:
    command = serve_command()
    command[command.index("127.0.0.1:0")] = "unix:here.sock"
    program = start_program(command)
    program.wait_for("on unix:here.sock")
    with socket.socket(socket.AF_UNIX) as client:
        client.connect(str(tmp_path / "here.sock"))
        client.sendall(GET % b"/hello")
        assert client.recv(1000).endswith(b"hello")
    program.process.send_signal(signal.SIGTERM)
    assert program.process.wait(5) == 0
    assert not (tmp_path / "here.sock").exists()

    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
        inherit = f"exec {shlex.join(command)} 0<&{listener.fileno()}".replace("unix:here.sock", "fd://0")
        listener.set_inheritable(True)
        site = subprocess.Popen(["bash", "-c", inherit], pass_fds=[listener.fileno()], stderr=subprocess.DEVNULL)
        try:
            wire = Wire(port)
            wire.send(GET % b"/facts")
            assert f" 127.0.0.1 {port} ".encode() in wire.answer().body
        finally:
            site.terminate()
            assert site.wait(5) == 0


def test_port_taken(start_program: Callable[..., Program], start_site: StartSite) -> None:  # noqa: F811
    site = start_site()
    taken = ["--bind", f"127.0.0.1:{site.port}"]
    for command in (serve_command(*taken), serve_command(*taken, "--workers", "2")):
        second = start_program(command)
        second.wait_for(f"Error: http://127.0.0.1:{site.port} can't be bound: Address already in use. Stop the program")
        assert second.process.wait(5) == 1


def test_app_that_is_not_there(start_program: Callable[..., Program]) -> None:
    command = serve_command()
    command[command.index(APP)] = APP.replace(":app", ":nothing")
    for options, status in (([], 1), (["--workers", "2"], 3)):
        program = start_program([*command, *options])
        program.wait_for("Error: Module 'server_program' has no attribute 'nothing'")
        assert program.process.wait(10) == status


def test_workers_are_replaced(start_site: StartSite) -> None:  # noqa: F811
    site = start_site("--workers", "2")
    pids: set[bytes] = set()
    deadline = time.monotonic() + 10
    while len(pids) < 2 and time.monotonic() < deadline:
        pids.add(site.ask("GET /pid"))
    assert len(pids) == 2
    assert b" True True" in site.ask("GET /facts")
    victim = int(pids.pop())
    os.kill(victim, signal.SIGKILL)
    site.program.wait_for(f"Worker {victim} was killed by SIGKILL; starting a replacement")
    while len(pids) < 2 and time.monotonic() < deadline:
        pids.add(site.ask("GET /pid"))
    assert len(pids) == 2
    assert str(victim).encode() not in pids
    site.program.process.send_signal(signal.SIGTERM)
    assert site.program.process.wait(10) == 0


def test_development_server_talks_like_werkzeugs(start_develop: StartSite) -> None:  # noqa: F811
    site = start_develop()
    for path in ("/hello", "/missing"):
        site.ask(f"GET {path}")
    wire = site.wire()
    wire.send(b"nonsense\r\n\r\n")
    assert wire.answer().status == 400
    site.program.wait_for(r"^127\.0\.0\.1 - - \[.*\] code 400, message ")
    site.program.wait_for("nonsense.* 400 -")
    printed = site.program.printed
    assert "WARNING: This is a development server. Do not use it in a production deployment." in printed
    assert "Press CTRL+C to quit" in printed
    assert '] "GET /hello HTTP/1.1" 200 -\n' in printed
    # In colour.
    assert re.search(r'] "\x1b\[33mGET /missing HTTP/1\.1\x1b\[0m" 404 -\n', printed)
    assert "nonsense\x1b[0m" in printed


def test_ctrl_c_ends_the_development_server_at_once(start_develop: StartSite) -> None:  # noqa: F811
    site = start_develop()
    wires = [site.wire() for _ in range(3)]
    for wire, path in zip(wires, (b"/sleep?30", b"/endless?0.1", b"/hello"), strict=True):
        wire.send(GET % path)
    wires[2].answer()
    site.program.wait_for("sleeping")
    started = time.monotonic()
    site.program.process.send_signal(signal.SIGINT)
    assert site.program.process.wait(5) == 0
    assert time.monotonic() - started < 2
    assert "Traceback" not in site.program.printed


def test_development_server_one_at_a_time(start_develop: StartSite) -> None:  # noqa: F811
    site = start_develop("--serial")
    assert in_threads(4, lambda: site.ask("GET /counted")) == [b"1"] * 4


def test_development_server_says_that_its_port_is_taken(
    start_program: Callable[..., Program],
    start_develop: StartSite,  # noqa: F811
) -> None:
    site = start_develop()
    command = develop_command()
    command[-1] = str(site.port)
    second = start_program(command)
    second.wait_for(f"Port {site.port} is in use by another program")
    assert second.process.wait(5) == 1


def test_reloader_restarts_also_when_a_view_is_running(start_program: Callable[..., Program]) -> None:
    command = develop_command("--reload")
    program = start_program(["sh", "-c", f"cp {command[1]} copied.py && exec {command[0]} copied.py 0 --reload"])
    site = Site(program)
    program.wait_for("Restarting with ")
    before = site.ask("GET /pid")
    busy = site.wire()
    busy.send(GET % b"/sleep?30")
    program.wait_for("sleeping")
    (file,) = [entry for entry in os.scandir(f"/proc/{program.process.pid}/cwd") if entry.name == "copied.py"]
    os.utime(file.path, (time.time() + 5, time.time() + 5))
    program.wait_for("Restarting with ", count=2)
    assert site.ask("GET /pid") != before
