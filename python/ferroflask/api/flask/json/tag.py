"""Tagged JSON: text that gives back the same Python types it was made from. A value that JSON lacks is written as an
object with a single key, its tag: `{" u": "6f…"}` for a UUID. The session cookie is written so. This module must not
know about cookies or signatures.

Another type is added by a tag class with a key of its own; one that is a special case of a type already known goes to
the front of the order:

    class TagDeque(JSONTag):
        __slots__ = ()
        key = " dq"

        def check(self, value):
            return isinstance(value, deque)

        def to_json(self, value):
            return [self.serializer.tag(item) for item in value]

        def to_python(self, value):
            return deque(value)

    app.session_interface.serializer.register(TagDeque, index=0)
"""

from __future__ import annotations

import typing as t
import uuid
from base64 import b64decode, b64encode
from datetime import datetime

from markupsafe import Markup
from werkzeug.http import http_date, parse_date

from ..json import dumps, loads


class JSONTag:
    """How one type is recognised, written and read back. Made by, and bound to, one serializer."""

    #: The object key that marks the type in the text; empty for a step that leaves no mark.
    key: str = ""

    __slots__ = ("serializer",)

    def __init__(self, serializer: TaggedJSONSerializer) -> None:
        """Bind the tag to a `serializer`, which makes it."""
        self.serializer = serializer

    def tag(self, value: t.Any) -> t.Any:
        """Return what stands in the text for `value`: its JSON form under this tag's key."""
        marked = self.to_json(value)
        return {self.key: marked}

    def check(self, value: t.Any) -> bool:
        """Return whether this tag is the one for `value`."""
        raise NotImplementedError

    def to_python(self, value: t.Any) -> t.Any:
        """Return the Python value for what `to_json` made; the mark is already off."""
        raise NotImplementedError

    def to_json(self, value: t.Any) -> t.Any:
        """Return `value` as something JSON has, still without the mark."""
        raise NotImplementedError


class _InstanceTag(JSONTag):
    """A tag that recognises its values by their class alone."""

    __slots__ = ()
    kind: t.ClassVar[type]

    def check(self, value: t.Any) -> bool:
        """Return whether `value` is an instance of `kind`."""
        return isinstance(value, self.kind)


class PassDict(_InstanceTag):
    """A dict, written as itself: only its values may need tags. Its keys stay as they are: JSON has text keys only."""

    kind = dict
    __slots__ = ()

    def to_json(self, value: t.Any) -> t.Any:
        """Tag the members of the dict `value`."""
        write = self.serializer.tag
        return {name: write(member) for name, member in value.items()}

    # No call more than needed: how deep a session may be depends on it.
    tag = to_json


class PassList(_InstanceTag):
    """A list, written as itself: only its items may need tags."""

    kind = list
    __slots__ = ()

    def to_json(self, value: t.Any) -> t.Any:
        """Tag the items of the list `value`."""
        return list(map(self.serializer.tag, value))

    tag = to_json


class TagDict(JSONTag):
    """A dict whose only key looks like a tag. The key is written with two underscores after it, and read without."""

    key = " di"
    __slots__ = ()

    def check(self, value: t.Any) -> bool:
        """Return whether `value` would be mistaken for a tagged value."""
        if not isinstance(value, dict) or len(value) != 1:
            return False
        (only,) = value
        return only in self.serializer.tags

    def to_python(self, value: t.Any) -> t.Any:
        """Give the key of the dict `value` its own name back."""
        only = next(iter(value))
        return {only[:-2]: value[only]}

    def to_json(self, value: t.Any) -> t.Any:
        """Lengthen the key of the dict `value`, so that it is no tag any more."""
        only = next(iter(value))
        return {f"{only}__": self.serializer.tag(value[only])}


class TagTuple(_InstanceTag):
    """A tuple, written as a list."""

    key = " t"
    kind = tuple
    __slots__ = ()

    def to_python(self, value: t.Any) -> t.Any:
        """Return the list `value` as a tuple."""
        return tuple(value)

    def to_json(self, value: t.Any) -> t.Any:
        """Tag the items of the tuple `value`."""
        return list(map(self.serializer.tag, value))


class TagBytes(_InstanceTag):
    """Bytes, written in base64."""

    key = " b"
    kind = bytes
    __slots__ = ()

    def to_python(self, value: t.Any) -> t.Any:
        """Return the bytes that the text `value` stands for."""
        return b64decode(value)

    def to_json(self, value: t.Any) -> t.Any:
        """Return the bytes `value` in base64, with padding and the standard alphabet."""
        return str(b64encode(value), "ascii")


class TagMarkup(JSONTag):
    """Anything with a `__html__` method, written as its HTML and always read as `Markup`."""

    key = " m"
    __slots__ = ()

    def check(self, value: t.Any) -> bool:
        """Return whether `value` can give its HTML."""
        render = getattr(value, "__html__", None)
        return callable(render)

    def to_python(self, value: t.Any) -> t.Any:
        """Return the HTML `value` as safe text."""
        return Markup(value)

    def to_json(self, value: t.Any) -> t.Any:
        """Return the HTML of `value`."""
        return str(value.__html__())


class TagUUID(JSONTag):
    """A UUID, written as 32 hexadecimal digits."""

    key = " u"
    __slots__ = ()

    def check(self, value: t.Any) -> bool:
        """Return whether `value` is one."""
        return isinstance(value, uuid.UUID)

    def to_python(self, value: t.Any) -> t.Any:
        """Return the UUID of the digits `value`."""
        return uuid.UUID(hex=value)

    def to_json(self, value: t.Any) -> t.Any:
        """Return the digits of the UUID `value`."""
        return value.hex


class TagDateTime(_InstanceTag):
    """A moment, written as an HTTP date: whole seconds, read back in UTC."""

    key = " d"
    kind = datetime
    __slots__ = ()

    def to_python(self, value: t.Any) -> t.Any:
        """Return the moment of the HTTP date `value`."""
        return parse_date(value)

    def to_json(self, value: t.Any) -> t.Any:
        """Return the moment `value` as an HTTP date."""
        return http_date(value)


class TaggedJSONSerializer:
    """Writes and reads tagged JSON; has the `dumps` and `loads` that ItsDangerous expects of a payload serializer.

    `order` holds the tags in the order they are tried for writing, `tags` those with a key, for reading.
    """

    __slots__ = ("order", "tags")

    #: Tag classes that every new serializer knows; dicts first, since one of them may look like a tag.
    default_tags: t.ClassVar[list[type[JSONTag]]] = [
        *(TagDict, PassDict, TagTuple, PassList),
        *(TagBytes, TagMarkup, TagUUID, TagDateTime),
    ]

    def __init__(self) -> None:
        self.order: list[JSONTag] = []
        self.tags: dict[str, JSONTag] = {}
        for known in self.default_tags:
            self.register(known)

    def register(self, tag_class: type[JSONTag], force: bool = False, index: int | None = None) -> None:
        """Add a tag class.

        Args:
            tag_class: a subclass of `JSONTag`.
            force: whether it may take the place of another tag with the same key, for reading.
            index: its position in `order`; None is the end.

        Raises:
            KeyError: another tag has the same key, and `force` is not set.
        """
        bound = tag_class(self)
        name = bound.key
        if name and name in self.tags and not force:
            raise KeyError(f"Tag '{name}' is already registered.")
        if name:
            self.tags[name] = bound
        self.order.insert(len(self.order) if index is None else index, bound)

    def tag(self, value: t.Any) -> t.Any:
        """Return `value` as the first tag that knows it writes it; as it is when none does."""
        for known in self.order:
            if known.check(value):
                return known.tag(value)
        return value

    def untag(self, value: dict[str, t.Any]) -> t.Any:
        """Return what the tagged object `value` stands for; any other dict as it is. Does not look into members."""
        if len(value) == 1:
            ((name, content),) = value.items()
            if (reader := self.tags.get(name)) is not None:
                return reader.to_python(content)
        return value

    def _untag_scan(self, value: t.Any) -> t.Any:
        """Untag `value` from its innermost members outwards."""
        scan = self._untag_scan
        if isinstance(value, list):
            return list(map(scan, value))
        if isinstance(value, dict):
            return self.untag({name: scan(member) for name, member in value.items()})
        return value

    def dumps(self, value: t.Any) -> str:
        """Return `value` as tagged JSON text without spaces."""
        tagged = self.tag(value)
        return dumps(tagged, separators=(",", ":"))

    def loads(self, value: str) -> t.Any:
        """Return the value that tagged JSON text stands for. Raises ValueError when it is not JSON."""
        plain = loads(value)
        return self._untag_scan(plain)


if not t.TYPE_CHECKING:
    from .._reexports import borrow

    borrow(__name__)
