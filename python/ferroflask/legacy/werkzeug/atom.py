"""Atom feeds as `werkzeug.contrib.atom` made them."""

from __future__ import annotations

import typing as t
from datetime import datetime, timezone

from markupsafe import escape
from werkzeug.wrappers import Response

_ATOM = "http://www.w3.org/2005/Atom"
_XHTML = "http://www.w3.org/1999/xhtml"


def _moment(value: datetime) -> str:
    if value.tzinfo is not None:
        value = value.astimezone(timezone.utc)
    return value.strftime("%Y-%m-%dT%H:%M:%SZ")


def _text(name: str, content: t.Any, kind: str | None) -> str:
    if kind == "xhtml":
        return f'<{name} type="xhtml"><div xmlns="{_XHTML}">{content}</div></{name}>\n'
    mark = f' type="{kind}"' if kind and kind != "text" else ""
    return f"<{name}{mark}>{escape(content)}</{name}>\n"


def _link(attributes: t.Mapping[str, t.Any]) -> str:
    marks = "".join(f' {name}="{escape(value)}"' for name, value in attributes.items())
    return f"<link{marks} />\n"


def _person(role: str, person: t.Mapping[str, t.Any]) -> str:
    parts = "".join(f"  <{key}>{escape(person[key])}</{key}>\n" for key in ("name", "uri", "email") if key in person)
    return f"<{role}>\n{parts}</{role}>\n"


def _people(author: t.Any) -> list[dict[str, t.Any]]:
    listed = [author] if isinstance(author, str | dict) else list(author or ())
    return [each if isinstance(each, dict) else {"name": each} for each in listed]


class FeedEntry:
    """One entry. `title`, `id` (or `url`) and `updated` are needed (ValueError); text types are text, html, xhtml."""

    def __init__(
        self, title: t.Any = None, content: t.Any = None, feed_url: str | None = None, **kwargs: t.Any
    ) -> None:
        self.title = title
        self.content = content
        self.title_type = kwargs.get("title_type", "text")
        self.content_type = kwargs.get("content_type", "html")
        self.url = kwargs.get("url")
        self.id = kwargs.get("id", self.url)
        self.updated = kwargs.get("updated")
        self.summary = kwargs.get("summary")
        self.summary_type = kwargs.get("summary_type", "html")
        self.author = _people(kwargs.get("author"))
        self.published = kwargs.get("published")
        self.rights = kwargs.get("rights")
        self.links = kwargs.get("links") or []
        self.categories = kwargs.get("categories") or []
        self.xml_base = kwargs.get("xml_base", feed_url)
        for name in ("title", "id", "updated"):
            if not getattr(self, name):
                raise ValueError(f"{name} is required")

    def generate(self) -> t.Iterator[str]:
        """Yield the entry's XML."""
        yield f'<entry xml:base="{escape(self.xml_base)}">\n' if self.xml_base else "<entry>\n"
        yield "  " + _text("title", self.title, self.title_type)
        yield f"  <id>{escape(self.id)}</id>\n"
        yield f"  <updated>{_moment(t.cast(datetime, self.updated))}</updated>\n"
        if self.published:
            yield f"  <published>{_moment(self.published)}</published>\n"
        if self.url:
            yield "  " + _link({"href": self.url})
        yield from ("  " + _person("author", person) for person in self.author)
        yield from ("  " + _link(link) for link in self.links)
        for category in self.categories:
            yield "  " + _link(category).replace("<link", "<category", 1)
        if self.summary:
            yield "  " + _text("summary", self.summary, self.summary_type)
        if self.content:
            yield "  " + _text("content", self.content, self.content_type)
        yield "</entry>\n"

    def to_string(self) -> str:
        """Return the entry's XML."""
        return "".join(self.generate())

    __str__ = to_string


class AtomFeed:
    """A feed; `title` and `id` (or `feed_url`, `url`) are needed. It can be called as a WSGI application."""

    default_generator = ("Werkzeug", None, None)

    def __init__(self, title: t.Any = None, entries: t.Any = None, **kwargs: t.Any) -> None:
        self.title = title
        self.title_type = kwargs.get("title_type", "text")
        self.url = kwargs.get("url")
        self.feed_url = kwargs.get("feed_url", self.url)
        self.id = kwargs.get("id", self.feed_url)
        self.updated = kwargs.get("updated")
        self.author = _people(kwargs.get("author"))
        self.icon = kwargs.get("icon")
        self.logo = kwargs.get("logo")
        self.rights = kwargs.get("rights")
        self.rights_type = kwargs.get("rights_type")
        self.subtitle = kwargs.get("subtitle")
        self.subtitle_type = kwargs.get("subtitle_type", "text")
        self.generator = kwargs.get("generator") or self.default_generator
        self.links = kwargs.get("links") or []
        self.entries: list[FeedEntry] = list(entries or ())
        for name in ("title", "id"):
            if not getattr(self, name):
                raise ValueError(f"{name} is required")

    def add(self, *args: t.Any, **kwargs: t.Any) -> None:
        """Add an entry, or one made of the arguments."""
        if len(args) == 1 and not kwargs and isinstance(args[0], FeedEntry):
            self.entries.append(args[0])
            return
        self.entries.append(FeedEntry(*args, **{"feed_url": self.feed_url, **kwargs}))

    def generate(self) -> t.Iterator[str]:
        """Yield the feed's XML; without any author it names an unknown one."""
        if not self.author and any(not entry.author for entry in self.entries):
            self.author = [{"name": "Unknown author"}]
        updated = self.updated or max((t.cast(datetime, each.updated) for each in self.entries), default=None)
        yield '<?xml version="1.0" encoding="utf-8"?>\n'
        yield f'<feed xmlns="{_ATOM}">\n'
        yield "  " + _text("title", self.title, self.title_type)
        yield f"  <id>{escape(self.id)}</id>\n"
        yield f"  <updated>{_moment(updated or datetime.now(timezone.utc))}</updated>\n"
        if self.url:
            yield "  " + _link({"href": self.url})
        if self.feed_url:
            yield "  " + _link({"href": self.feed_url, "rel": "self"})
        yield from ("  " + _link(link) for link in self.links)
        yield from ("  " + _person("author", person) for person in self.author)
        if self.subtitle:
            yield "  " + _text("subtitle", self.subtitle, self.subtitle_type)
        for name in ("icon", "logo"):
            if value := getattr(self, name):
                yield f"  <{name}>{escape(value)}</{name}>\n"
        if self.rights:
            yield "  " + _text("rights", self.rights, self.rights_type)
        name, uri, version = self.generator
        marks = "".join(f' {key}="{escape(value)}"' for key, value in (("uri", uri), ("version", version)) if value)
        yield f"  <generator{marks}>{escape(name)}</generator>\n"
        for entry in self.entries:
            yield from (f"  {line}" for line in entry.generate())
        yield "</feed>\n"

    def to_string(self) -> str:
        """Return the feed's XML."""
        return "".join(self.generate())

    __str__ = to_string

    def get_response(self) -> Response:
        """Return the feed as a response."""
        return Response(self.to_string(), mimetype="application/atom+xml")

    def __call__(self, environ: t.Any, start_response: t.Any) -> t.Iterable[bytes]:
        """Answer a WSGI request."""
        return self.get_response()(environ, start_response)
