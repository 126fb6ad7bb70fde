"""Debug mode, as a developer at a browser sees it: traceback, PIN, console in a frame, and the restart after a save.

A real headless Chromium does it. Without one the tests are skipped, but where the environment says CI=true they fail.
"""

from __future__ import annotations

import os
import shutil
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path

import pytest
from selenium.common import WebDriverException
from selenium.webdriver import Chrome, ChromeOptions, ChromeService
from selenium.webdriver.common.by import By
from selenium.webdriver.support.wait import WebDriverWait

from .debugger_page import TracebackPage
from .program import Program

pytestmark = [pytest.mark.browser, pytest.mark.timeout(180)]

RESTART_SECONDS = 40
FLAGS = (
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--disable-dev-shm-usage",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)

# Nobody else's edits restart the application: neither those in Python's own folders, nor those in this project.
UNWATCHED = [f"{sys.base_prefix}/*", f"{sys.prefix}/*", f"{Path(__file__).parents[2] / 'python'}*"]

APPLICATION = """
from flask import Flask

app = Flask(__name__)

@app.route("/answer")
def answer():
    return "the first answer"

@app.route("/fails/<fruit>")
def fails(fruit):
    weight = len(fruit) * 100
    raise LookupError(f"no {fruit} of {weight} g")

if __name__ == "__main__":
    app.run(debug=True, port=0, exclude_patterns=UNWATCHED, reloader_type="RELOADER")
"""


@dataclass(frozen=True)
class Start:
    """One way to start an application in debug mode. `reloader` is the one asked for; "auto" is the default."""

    name: str
    arguments: tuple[str, ...]
    reloader: str = "auto"

    @property
    def announced(self) -> str:
        """Return the start of the reloader's name in the line that tells of a restart."""
        return ("watchdog" if find_spec("watchdog") else "stat") if self.reloader == "auto" else self.reloader


FLASK_RUN = ("-m", "flask", "--debug", "run", "--port=0", f"--exclude-patterns={os.pathsep.join(UNWATCHED)}")
# Port 0: the system picks a free one, and the reloader's restarts keep it.
STARTS = (Start("script", ("app.py",)), Start("script-stat", ("app.py",), "stat"), Start("flask-run", FLASK_RUN))


@pytest.fixture(params=STARTS, ids=lambda start: start.name)
def start(request: pytest.FixtureRequest) -> Start:
    chosen: Start = request.param
    return chosen


@pytest.fixture
def source(start: Start, tmp_path: Path) -> Path:
    path = tmp_path / "app.py"
    text = APPLICATION.replace("UNWATCHED", repr(UNWATCHED)).replace("RELOADER", start.reloader)
    path.write_text(text, encoding="utf-8")
    return path


@pytest.fixture
def server(start: Start, source: Path, start_program: Callable[..., Program]) -> Program:
    return start_program([sys.executable, *start.arguments])


@pytest.fixture
def browser(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> Iterator[Chrome]:
    chromium, driver = shutil.which("chromium"), shutil.which("chromedriver")
    if chromium is None or driver is None:
        missing = pytest.fail if os.environ.get("CI") == "true" else pytest.skip
        missing("no chromium and chromedriver on the PATH: `make test-browser-deps` installs them")
    # Selenium speaks HTTP to the driver, which is on this machine.
    monkeypatch.setenv("NO_PROXY", "127.0.0.1,localhost")
    options = ChromeOptions()
    options.binary_location = chromium
    # Else a command that happens to run while an alert is open closes it unseen.
    options.unhandled_prompt_behavior = "ignore"
    # Not in the folder of the application, where a reloader would see Chromium's files come and go.
    profile = tmp_path_factory.mktemp("chromium")
    for flag in (*FLAGS, f"--user-data-dir={profile}"):
        options.add_argument(flag)
    chrome = Chrome(options=options, service=ChromeService(executable_path=driver))
    chrome.set_page_load_timeout(30)
    yield chrome
    chrome.quit()


def test_debug_mode_in_a_browser(start: Start, browser: Chrome, server: Program, source: Path) -> None:
    address = server.wait_for(r"Running on (http://127\.0\.0\.1:\d+)")[1]
    pin = server.wait_for(r"Debugger PIN: ([\d-]+)")[1]
    server.wait_for(rf"Restarting with {start.announced}")

    browser.get(f"{address}/fails/quince")
    page = TracebackPage(browser)
    assert page.exception == ("LookupError", "LookupError: no quince of 600 g")
    assert "LookupError" in browser.title

    frame = page.frame("fails")
    page.open_console(frame)
    assert page.enter_pin("000-000-000") == "Error: incorrect pin"
    assert page.enter_pin(pin) is None
    assert page.evaluate(frame, "6 * 7") == "42"
    assert page.evaluate(frame, "fruit, weight") == "('quince', 600)"
    ours = str(os.environ.get("FERROFLASK") != "0")
    assert page.evaluate(frame, "'ferroflask._core' in __import__('sys').modules") == ours

    assert text_at(browser, f"{address}/answer") == "the first answer"
    source.write_text(source.read_text(encoding="utf-8").replace("the first", "quite another"), encoding="utf-8")
    wait = WebDriverWait(browser, RESTART_SECONDS, ignored_exceptions=[WebDriverException])
    wait.until(lambda _: text_at(browser, f"{address}/answer") == "quite another answer", server.printed)
    server.wait_for(rf"Detected change in '{source}', reloading")


def text_at(browser: Chrome, address: str) -> str:
    browser.get(address)
    return browser.find_element(By.TAG_NAME, "body").text
