"""A reader of User-Agent headers as Werkzeug had one until 2.0: it knows widespread browsers, systems and robots."""

from __future__ import annotations

import re
import typing as t

import werkzeug.user_agent

_PLATFORMS = [
    (re.compile(pattern, re.I), name)
    for pattern, name in (
        (r"cros", "chromeos"),
        (r"iphone|ios", "iphone"),
        (r"ipad", "ipad"),
        (r"darwin\b|mac\b|os\s*x", "macos"),
        (r"win", "windows"),
        (r"android", "android"),
        (r"netbsd", "netbsd"),
        (r"openbsd", "openbsd"),
        (r"freebsd", "freebsd"),
        (r"dragonfly", "dragonflybsd"),
        (r"x11|lin(ux)?", "linux"),
        (r"(sun|i86)os", "solaris"),
        (r"nintendo\s+wii", "wii"),
        (r"irix", "irix"),
        (r"hp-?ux", "hpux"),
        (r"aix", "aix"),
        (r"sco|unix_sv", "sco"),
        (r"bsd", "bsd"),
        (r"amiga", "amiga"),
        (r"blackberry|playbook", "blackberry"),
        (r"symbian", "symbian"),
    )
]
_BROWSERS = [
    (re.compile(rf"(?:{pattern})[/\sa-z(]*(\d+[.\da-z]+)?", re.I), name)
    for pattern, name in (
        (r"googlebot", "google"),
        (r"msnbot", "msn"),
        (r"yahoo", "yahoo"),
        (r"ask\sjeeves", "ask"),
        (r"aol|america\sonline\sbrowser", "aol"),
        (r"edg(?:e|ios|a)?", "edge"),
        (r"opera|opr", "opera"),
        (r"chrome|crios", "chrome"),
        (r"seamonkey", "seamonkey"),
        (r"firefox|firebird|phoenix|iceweasel", "firefox"),
        (r"galeon", "galeon"),
        (r"safari|version", "safari"),
        (r"webkit", "webkit"),
        (r"camino", "camino"),
        (r"konqueror", "konqueror"),
        (r"k-meleon", "kmeleon"),
        (r"netscape", "netscape"),
        (r"msie|microsoft\s+internet\s+explorer|trident/.+? rv:", "msie"),
        (r"lynx", "lynx"),
        (r"links", "links"),
        (r"baiduspider", "baidu"),
        (r"bingbot", "bing"),
        (r"mozilla", "mozilla"),
    )
]
_LANGUAGE = re.compile(
    r"(?:;\s*|\s+)(\b\w{2}\b(?:-\b\w{2}\b)?)\s*;|(?:\(|\[|;)\s*(\b\w{2}\b(?:-\b\w{2}\b)?)\s*(?:\]|\)|;)"
)


class UserAgentParser:
    """Call it with a header: (platform, browser, version, language), each text or None."""

    def __call__(self, user_agent: str) -> tuple[str | None, str | None, str | None, str | None]:
        platform = next((name for pattern, name in _PLATFORMS if pattern.search(user_agent)), None)
        browser = version = None
        for pattern, name in _BROWSERS:
            found = pattern.search(user_agent)
            # "Mozilla" alone is what nearly everybody says first.
            if found is None or (name == "mozilla" and "compatible" in user_agent):
                continue
            browser, version = name, found[1]
            break
        spoken = _LANGUAGE.search(user_agent)
        language = None if spoken is None else spoken[1] or spoken[2]
        return platform, browser, version, language


class UserAgent(werkzeug.user_agent.UserAgent):
    """A User-Agent header, from the header's text or from a WSGI environ, with what it says."""

    _parser = UserAgentParser()

    def __init__(self, environ_or_string: t.Any) -> None:
        if isinstance(environ_or_string, dict):
            environ_or_string = environ_or_string.get("HTTP_USER_AGENT", "")
        super().__init__(environ_or_string)
        self.platform, self.browser, self.version, self.language = self._parser(self.string)
