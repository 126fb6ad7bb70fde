"""What came of one rendering, in a form that two sides can be compared in: the result or the error, and the journal.

An error is its type, its text and its chain, and of its traceback the entries of templates, with the variables that a
debugger shows there, and those of the program's values. Frames of libraries are left out: what runs a template is free
to have others.
"""

from __future__ import annotations

import re
import types
import typing as t
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

import jinja2
from jinja2.runtime import Macro, Undefined
from jinja2.utils import Namespace

from .odd_values import journal

HERE = Path(__file__).parent
#: Files whose frames belong to the program and not to what renders.
PROGRAM_FILES = {str(HERE / name) for name in ("odd_values.py", "values.py", "environments.py")}
#: With the line breaks that a filter may have made in it.
ADDRESS = re.compile(r"0x[0-9a-f\s]{6,}|(?<=id=)\d{9,}", re.IGNORECASE)
OWNERS = re.compile(r"\b(jinja2\.(environment|runtime)|flask\.templating)\.(?=Environment|Template|Context)")
#: RecursionError: where the limit is met depends on how many frames a level has.
LONGEST_TRACEBACK = 60


@dataclass(frozen=True)
class Frame:
    file: str
    line: int
    function: str
    #: What a debugger shows, by name; of templates alone.
    locals: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True)
class Failure:
    type: str
    text: str
    attributes: tuple[tuple[str, str], ...] = ()
    frames: tuple[Frame, ...] = ()
    #: The exceptions that this one was raised from or while handling, outermost first.
    chain: tuple[str, ...] = ()


@dataclass(frozen=True)
class Outcome:
    result: object = None
    failure: Failure | None = None
    journal: tuple[str, ...] = ()


def without_addresses(text: str) -> str:
    """Take out of a text what differs between two objects that are alike."""
    return OWNERS.sub("", ADDRESS.sub("0x", text))


def described(value: object) -> str:
    """Describe a value by its type and its repr; what a module or namespace has, by its names."""
    kind = type(value).__name__
    try:
        text = repr(value)
    except Exception as error:
        text = f"its repr raises {type(error).__name__}: {error}"
    if isinstance(value, Namespace):
        attributes = object.__getattribute__(value, "_Namespace__attrs")
        text = repr({name: described(attribute) for name, attribute in attributes.items()})
    elif isinstance(value, Macro):
        text += f" {value.arguments} {value.catch_kwargs} {value.catch_varargs} {value.caller}"
    elif isinstance(value, Undefined):
        parts = {name: getattr(value, f"_undefined_{name}") for name in ("hint", "name", "exception")}
        text += f" {type(value._undefined_obj).__name__} {parts}"
    return without_addresses(f"{kind} {text}")


def observe(action: Callable[[], object], hidden: Mapping[str, object]) -> Outcome:
    """Run `action` and return what came of it.

    Args:
        action: what to run; it returns something made of texts, numbers, tuples, lists and dicts.
        hidden: names and values that the variables of a frame need not show, the environment's globals.
    """
    journal.clear()
    try:
        result = action()
    except Exception as error:
        # Before the error is described, which calls the values again.
        done = tuple(map(without_addresses, journal))
        return Outcome(failure=described_failure(error, hidden), journal=done)
    return Outcome(result=cleaned(result), journal=tuple(map(without_addresses, journal)))


def cleaned(result: t.Any) -> object:
    """Take the addresses out of texts, and out of those in tuples, lists and dicts; a text becomes type and text."""
    if isinstance(result, str):
        return type(result).__name__, without_addresses(result)
    if isinstance(result, tuple | list):
        return [cleaned(part) for part in result]
    if isinstance(result, dict):
        return {name: cleaned(part) for name, part in result.items()}
    # A failure is made of cleaned texts.
    return result if isinstance(result, Failure) else described(result)


def described_failure(error: Exception, hidden: Mapping[str, object]) -> Failure:
    """Describe an error; of a recursion without end, what does not depend on the depth."""
    kind = f"{type(error).__module__}.{type(error).__qualname__}"
    if isinstance(error, RecursionError):
        return Failure(kind, str(error)[:32])
    attributes: list[tuple[str, str]] = []
    if isinstance(error, jinja2.TemplateError):
        names = [name for name in ("name", "templates", "lineno", "filename", "source") if hasattr(error, name)]
        attributes = [(name, described(getattr(error, name))) for name in names]
    frames = tuple(frame for frame in described_frames(error.__traceback__, hidden))
    text = without_addresses(text_of(error))
    return Failure(kind, text, tuple(attributes), frames, tuple(chained(error)))


def text_of(error: BaseException) -> str:
    try:
        return str(error)
    except Exception as second:
        return f"its text raises {type(second).__name__}"


def chained(error: BaseException) -> Iterator[str]:
    """Yield what an error was raised from or beside, and theirs."""
    for _ in range(10):
        link, inner = ("cause", error.__cause__) if error.__cause__ else ("context", error.__context__)
        if inner is None:
            return
        shown = "" if link == "cause" or not error.__suppress_context__ else " suppressed"
        yield without_addresses(f"{link}{shown} {type(inner).__name__}: {text_of(inner)}")
        error = inner


def described_frames(traceback: types.TracebackType | None, hidden: Mapping[str, object]) -> Iterator[Frame]:
    entries: list[types.TracebackType] = []
    while traceback is not None and len(entries) < LONGEST_TRACEBACK:
        entries.append(traceback)
        traceback = traceback.tb_next
    for entry in entries:
        frame, code = entry.tb_frame, entry.tb_frame.f_code
        if "__jinja_template__" in frame.f_globals:
            # Code that Python called without Jinja2's `render`: the line is one of what Jinja2 has generated.
            yield Frame(code.co_filename, 0, code.co_name)
        elif "__jinja_exception__" in frame.f_globals:
            shown = described_locals(frame.f_locals, hidden)
            yield Frame(code.co_filename, entry.tb_lineno, code.co_name, shown)
        elif code.co_filename in PROGRAM_FILES:
            yield Frame(Path(code.co_filename).name, entry.tb_lineno, code.co_name)


def described_locals(names: Mapping[str, t.Any], hidden: Mapping[str, object]) -> tuple[tuple[str, str], ...]:
    """Describe the variables of a frame, but for those that are the environment's globals."""
    missing = object()
    own = {name: value for name, value in names.items() if hidden.get(name, missing) is not value}
    return tuple(sorted((name, described(value)) for name, value in own.items()))
