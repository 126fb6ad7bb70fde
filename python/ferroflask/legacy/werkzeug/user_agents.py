"""A reader of User-Agent headers as Werkzeug had one until 2.0: it knows widespread browsers, systems and robots. Words
are looked for in the header in the order of the tables, so the more specific ones come first.
"""

from __future__ import annotations

import re
import typing as t

import werkzeug.user_agent

#: Platform -> words that say so.
_PLATFORMS = {
    "chromeos": ("cros",),
    "iphone": ("iphone",),
    "ipad": ("ipad",),
    "macos": ("macintosh", "mac os", "darwin"),
    "windows": ("windows", "win32", "win64"),
    "android": ("android",),
    "netbsd": ("netbsd",),
    "openbsd": ("openbsd",),
    "freebsd": ("freebsd",),
    "dragonflybsd": ("dragonfly",),
    "linux": ("linux", "x11"),
    "solaris": ("sunos",),
    "wii": ("nintendo wii",),
    "blackberry": ("blackberry", "playbook"),
    "symbian": ("symbian",),
}

#: Browser -> words that stand before its version. Nearly all call themselves Safari and Mozilla too.
_BROWSERS = {
    "google": ("googlebot",),
    "bing": ("bingbot",),
    "msn": ("msnbot",),
    "yahoo": ("yahoo! slurp", "yahoo"),
    "baidu": ("baiduspider",),
    "edge": ("edg", "edge", "edgios", "edga"),
    "opera": ("opr", "opera"),
    "seamonkey": ("seamonkey",),
    "chrome": ("chrome", "crios"),
    "firefox": ("firefox", "fxios"),
    "konqueror": ("konqueror",),
    "msie": ("msie", "trident"),
    "safari": ("version", "safari"),
    "webkit": ("applewebkit",),
    "lynx": ("lynx",),
    "links": ("links",),
    "mozilla": ("mozilla",),
}
_LANGUAGE = re.compile(r"[;(\[]\s*([a-z]{2}(?:-[a-z]{2})?)\s*[;)\]]", re.IGNORECASE)


class UserAgentParser:
    """Call it with a header: (platform, browser, version, language), each text or None."""

    def __call__(self, user_agent: str) -> tuple[str | None, str | None, str | None, str | None]:
        lowered = user_agent.lower()
        platform = next((name for name, words in _PLATFORMS.items() if any(word in lowered for word in words)), None)
        browser, version = self._browser(lowered)
        spoken = _LANGUAGE.search(user_agent)
        return platform, browser, version, None if spoken is None else spoken[1]

    @staticmethod
    def _browser(lowered: str) -> tuple[str | None, str | None]:
        for name, words in _BROWSERS.items():
            for word in words:
                found = re.search(rf"\b{re.escape(word)}\b[/\s]*(\d[\w.]*)?", lowered)
                if found is not None and not (name == "mozilla" and "compatible" in lowered):
                    return name, found[1]
        return None, None


class UserAgent(werkzeug.user_agent.UserAgent):
    """A User-Agent header, from the header's text or from a WSGI environ, with what it says."""

    _parser = UserAgentParser()

    def __init__(self, environ_or_string: t.Any) -> None:
        if isinstance(environ_or_string, dict):
            environ_or_string = environ_or_string.get("HTTP_USER_AGENT", "")
        super().__init__(environ_or_string)
        self.platform, self.browser, self.version, self.language = self._parser(self.string)
