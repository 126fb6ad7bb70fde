"""Werkzeug's traceback page as somebody at a browser uses it: frames, the PIN prompt, a frame's console."""

from __future__ import annotations

from selenium.webdriver import ActionChains, Chrome, Keys
from selenium.webdriver.common.by import By
from selenium.webdriver.remote.webelement import WebElement
from selenium.webdriver.support import expected_conditions as expect
from selenium.webdriver.support.wait import WebDriverWait

SECONDS = 15
# A console is put after its frame, into the same list item.
CONSOLE = "../pre[contains(@class, 'console')]"


class TracebackPage:
    """The page that the browser shows now."""

    def __init__(self, browser: Chrome) -> None:
        self.browser = browser
        self.wait = WebDriverWait(browser, SECONDS)

    @property
    def exception(self) -> tuple[str, str]:
        """Return the name of the exception's class and its message."""
        heading = self.wait.until(expect.visibility_of_element_located((By.TAG_NAME, "h1")))
        return heading.text, self.browser.find_element(By.CLASS_NAME, "errormsg").text.strip()

    def frame(self, function: str) -> WebElement:
        """Return the innermost frame of the named function."""
        frames = self.browser.find_elements(By.CSS_SELECTOR, "div.traceback div.frame")
        functions = [frame.find_element(By.CSS_SELECTOR, "code.function").text for frame in frames]
        assert function in functions, functions
        return frames[len(functions) - 1 - functions[::-1].index(function)]

    def open_console(self, frame: WebElement) -> None:
        """Click the console icon of a frame, which shows when the mouse is over the frame's source."""
        line = frame.find_element(By.CSS_SELECTOR, "pre.current")
        ActionChains(self.browser).move_to_element(line).perform()
        icon = line.find_element(By.TAG_NAME, "img")
        self.wait.until(expect.element_to_be_clickable(icon))
        icon.click()

    def enter_pin(self, pin: str) -> str | None:
        """Answer the PIN prompt. Return None when it went away, else the words of the alert."""
        prompt = self.browser.find_element(By.CLASS_NAME, "pin-prompt")
        box = prompt.find_element(By.NAME, "pin")
        self.wait.until(expect.element_to_be_clickable(box))
        box.clear()
        box.send_keys(pin, Keys.ENTER)
        self.wait.until(expect.any_of(expect.alert_is_present(), expect.invisibility_of_element(prompt)))
        if not expect.alert_is_present()(self.browser):
            return None
        alert = self.browser.switch_to.alert
        words = alert.text
        alert.accept()
        return words

    def evaluate(self, frame: WebElement, expression: str) -> str:
        """Type an expression into the open console of a frame, and return what the console answers."""
        command = frame.find_element(By.XPATH, f"{CONSOLE}//form//input")
        before = len(self._answers(frame))
        self.wait.until(expect.element_to_be_clickable(command))
        command.send_keys(expression, Keys.ENTER)
        self.wait.until(lambda _: len(self._answers(frame)) > before)
        # The first line repeats the expression after a prompt.
        return self._answers(frame)[-1].text.partition("\n")[2]

    @staticmethod
    def _answers(frame: WebElement) -> list[WebElement]:
        return frame.find_elements(By.XPATH, f"{CONSOLE}/div[@class='output']/div")
