"""Classes of values that raise, answer oddly, or write into `journal` what a template does to them.

Their texts have no addresses, so that two sides can be compared.
"""

from __future__ import annotations

import typing as t
from collections.abc import Iterator

from jinja2 import pass_context
from jinja2.runtime import Context

#: What was done to the values of one rendering, in order.
journal: list[str] = []


class Odd:
    """The base: a text without an address."""

    def __repr__(self) -> str:
        return f"{type(self).__name__}()"


class LazyText(Odd):
    """A text that is made when it is shown, as translations are; other operations go to the text."""

    def __init__(self, text: str) -> None:
        self.text = text

    def __str__(self) -> str:
        journal.append("lazy text is shown")
        return self.text

    def __getattr__(self, name: str) -> t.Any:
        journal.append(f"lazy text: {name}")
        return getattr(self.text, name)

    def __add__(self, other: t.Any) -> str:
        return str(self) + other

    def __mod__(self, other: t.Any) -> str:
        return str(self) % other

    def __len__(self) -> int:
        return len(self.text)


class HtmlObject(Odd):
    def __html__(self) -> str:
        journal.append("__html__")
        return "<hr>"

    def __str__(self) -> str:
        journal.append("__str__ beside __html__")
        return "<text beside html>"


class OddHtml(Odd):
    def __html__(self) -> t.Any:
        return 42


class HtmlRaises(Odd):
    def __html__(self) -> str:
        raise ValueError("no <html>")


class OddText(Odd):
    def __init__(self, text: t.Any) -> None:
        self.text = text

    def __str__(self) -> t.Any:
        journal.append("__str__")
        return self.text


class TextRaises(Odd):
    def __str__(self) -> str:
        raise ZeroDivisionError("no <text>")


class ReprRaises:
    def __repr__(self) -> str:
        raise KeyError("no <repr>")


class DynamicAttributes(Odd):
    def __getattr__(self, name: str) -> t.Any:
        journal.append(f"getattr {name}")
        if name.startswith("__"):
            raise AttributeError(name)
        return f"<{name}>"


class ItemOnly(Odd):
    def __getitem__(self, key: t.Any) -> t.Any:
        journal.append(f"getitem {key!r}")
        if isinstance(key, int) and key > 2:
            raise IndexError(key)
        return f"<item {key!r}>"


class MissingByKey(Odd):
    name = "<attribute>"

    def __getitem__(self, key: t.Any) -> t.Any:
        journal.append(f"getitem {key!r}")
        raise KeyError(key)


class AttributeSpy(Odd):
    """Writes every look-up of an attribute that is made on the instance."""

    name = "<name>"

    def __getattribute__(self, name: str) -> t.Any:
        journal.append(f"look-up {name}")
        return super().__getattribute__(name)

    def __getitem__(self, key: t.Any) -> t.Any:
        journal.append(f"getitem {key!r}")
        raise TypeError(f"no item {key!r}")


class Properties(Odd):
    """Properties that raise; `name` raises what a missing attribute raises."""

    @property
    def name(self) -> t.Any:
        journal.append("name")
        return self.does_not_exist  # type: ignore[attr-defined]

    @property
    def n(self) -> t.Any:
        raise KeyError("n")

    @property
    def items(self) -> t.Any:
        raise RuntimeError("<items> are broken")

    @property
    def colour(self) -> str:
        journal.append("colour")
        return "<colour>"

    def __getitem__(self, key: t.Any) -> t.Any:
        journal.append(f"getitem {key!r}")
        return {"name": "<by key>"}[key]


class SequenceSpy(Odd):
    """A sequence that writes how it is read."""

    def __len__(self) -> int:
        journal.append("len")
        return 2

    def __iter__(self) -> Iterator[str]:
        journal.append("iter")
        for text in ("<a>", "b"):
            journal.append(f"next {text}")
            yield text

    def __contains__(self, value: object) -> bool:
        journal.append(f"contains {value!r}")
        return value == "b"

    def __bool__(self) -> bool:
        journal.append("bool")
        return True

    def __getitem__(self, key: t.Any) -> t.Any:
        journal.append(f"getitem {key!r}")
        return ("<a>", "b")[key]

    def __reversed__(self) -> Iterator[str]:
        journal.append("reversed")
        return iter(("b", "<a>"))


class CountingIterator(Odd):
    """An iterator that writes each step, and has a length hint."""

    def __init__(self, count: int) -> None:
        self.left = count

    def __iter__(self) -> CountingIterator:
        journal.append("iter")
        return self

    def __next__(self) -> int:
        journal.append(f"next of {self.left}")
        if not self.left:
            raise StopIteration
        self.left -= 1
        return self.left

    def __length_hint__(self) -> int:
        journal.append("hint")
        return self.left


class OddIterator(Odd):
    """An object whose `__iter__` gives no iterator."""

    def __iter__(self) -> t.Any:
        journal.append("iter")
        return 5


class NumberSpy(Odd):
    """Writes the operator and the other side; comparisons answer texts."""

    def _write(self, name: str, *others: object) -> str:
        journal.append(" ".join([name, *(repr(other) for other in others)]))
        return f"<{name}>"

    def __add__(self, other: t.Any) -> str:
        return self._write("add", other)

    def __radd__(self, other: t.Any) -> str:
        return self._write("radd", other)

    def __sub__(self, other: t.Any) -> str:
        return self._write("sub", other)

    def __mul__(self, other: t.Any) -> str:
        return self._write("mul", other)

    def __rmul__(self, other: t.Any) -> str:
        return self._write("rmul", other)

    def __truediv__(self, other: t.Any) -> str:
        return self._write("truediv", other)

    def __floordiv__(self, other: t.Any) -> str:
        return self._write("floordiv", other)

    def __mod__(self, other: t.Any) -> str:
        return self._write("mod", other)

    def __rmod__(self, other: t.Any) -> str:
        return self._write("rmod", other)

    def __pow__(self, other: t.Any) -> str:
        return self._write("pow", other)

    def __neg__(self) -> str:
        return self._write("neg")

    def __pos__(self) -> str:
        return self._write("pos")

    def __lt__(self, other: t.Any) -> str:
        return self._write("lt", other)

    def __le__(self, other: t.Any) -> str:
        return self._write("le", other)

    def __gt__(self, other: t.Any) -> str:
        return self._write("gt", other)

    def __ge__(self, other: t.Any) -> str:
        return self._write("ge", other)

    def __index__(self) -> int:
        self._write("index")
        return 1

    __hash__ = None  # type: ignore[assignment]

    def __eq__(self, other: object) -> t.Any:
        return self._write("eq", other)

    def __ne__(self, other: object) -> t.Any:
        return self._write("ne", other)


class CallSpy(Odd):
    def __call__(self, *args: t.Any, **kwargs: t.Any) -> str:
        journal.append(f"call {args!r} {kwargs!r}")
        return f"<called with {len(args)} and {sorted(kwargs)}>"


class PassesContext(Odd):
    """A callable that wants the context as its first argument."""

    @pass_context
    def __call__(self, context: Context, *args: t.Any) -> str:
        journal.append(f"call by {context.name} {args!r}")
        return f"<context of {context.name}, {sorted(context.get_exported())}>"


class BoolRaises(Odd):
    def __bool__(self) -> bool:
        raise ArithmeticError("no <bool>")


class OddBool(Odd):
    def __bool__(self) -> t.Any:
        journal.append("bool")
        return "yes"


class EqualRaises(Odd):
    __hash__ = None  # type: ignore[assignment]

    def __eq__(self, other: object) -> bool:
        raise OSError("no <eq>")


class OddEqual(Odd):
    __hash__ = None  # type: ignore[assignment]

    def __eq__(self, other: object) -> t.Any:
        journal.append(f"eq {other!r}")
        return "<equal>"


class LengthRaises(Odd):
    def __len__(self) -> int:
        raise BufferError("no <len>")

    def __iter__(self) -> Iterator[int]:
        return iter((1, 2))
