"""The configuration: a dict with loaders. It must not know which keys exist or what they mean."""

from __future__ import annotations

import contextlib
import errno
import json
import os
import types
from collections.abc import Callable, Mapping
from typing import IO, TYPE_CHECKING, Any, Generic, TypeVar, cast, overload

from werkzeug.utils import import_string

if TYPE_CHECKING:
    import typing_extensions as te

    from .sansio.app import App

T = TypeVar("T")


class ConfigAttribute(Generic[T]):
    """A class attribute that reads and writes one key of `obj.config`.

    Args:
        name: the key.
        get_converter: a function that is applied to the value on reading, or None.
    """

    def __init__(self, name: str, get_converter: Callable[[Any], T] | None = None) -> None:
        self.__name__ = name
        self.get_converter = get_converter

    @overload
    def __get__(self, obj: None, owner: None) -> te.Self: ...

    @overload
    def __get__(self, obj: App, owner: type[App]) -> T: ...

    def __get__(self, obj: App | None, owner: type[App] | None = None) -> T | te.Self:
        if obj is None:
            return self
        value = obj.config[self.__name__]
        return cast(T, value) if self.get_converter is None else self.get_converter(value)

    def __set__(self, obj: App, value: Any) -> None:
        obj.config[self.__name__] = value


class Config(dict):  # type: ignore[type-arg]
    """The settings of an application: a dict that can be filled from files, objects and the environment.

        app.config["SECRET_KEY"] = "dev"
        app.config.from_pyfile("settings.py", silent=True)
        app.config.from_prefixed_env()

    Most loaders take upper-case names only.

    Args:
        root_path: the folder that relative file names are resolved against.
        defaults: a dict of the first content, or None.
    """

    def __init__(self, root_path: str | os.PathLike[str], defaults: dict[str, Any] | None = None) -> None:
        super().__init__(defaults or {})
        self.root_path = root_path

    def __repr__(self) -> str:
        return f"<{type(self).__name__} {dict.__repr__(self)}>"

    def from_envvar(self, variable_name: str, silent: bool = False) -> bool:
        """Load the Python file that an environment variable names; see `from_pyfile`.

        Args:
            variable_name: the name of the environment variable.
            silent: whether to return False where it is not set or the file is not there, instead of raising an error.

        Returns True when the file was loaded.

        Raises:
            RuntimeError: the variable is not set or empty.
            OSError: the file can't be read.
        """
        path = os.environ.get(variable_name)
        if path:
            return self.from_pyfile(path, silent=silent)
        if silent:
            return False
        raise RuntimeError(
            f"The environment variable {variable_name!r} is not set and as such configuration could not be loaded."
            " Set this variable and make it point to a configuration file"
        )

    def from_prefixed_env(self, prefix: str = "FLASK", *, loads: Callable[[str], Any] = json.loads) -> bool:
        """Load the environment variables with a prefix: `FLASK_SECRET_KEY` becomes `SECRET_KEY`.

        `FLASK_DATABASE__HOST` sets `["DATABASE"]["HOST"]`; dicts on the way are made when missing. The variables are
        taken in sorted order.

        Args:
            prefix: the prefix without its underscore.
            loads: a function that makes a value of the text, `json.loads` by default. A text that it refuses is the
                value.

        Returns True.
        """
        start = f"{prefix}_"
        for variable in sorted(name for name in os.environ if name.startswith(start)):
            *outer, last = variable.removeprefix(start).split("__")
            value: Any = os.environ[variable]
            with contextlib.suppress(Exception):
                value = loads(value)
            place: Any = self
            for key in outer:
                if key not in place:
                    place[key] = {}
                place = place[key]
            place[last] = value
        return True

    def from_pyfile(self, filename: str | os.PathLike[str], silent: bool = False) -> bool:
        """Run a Python file and take its upper-case names.

        Args:
            filename: the path of the file, relative to `root_path`.
            silent: whether to return False for a missing file instead of raising an error.

        Returns True when the file was loaded. Raises OSError for a file that can't be read, and whatever the file
        raises.
        """
        path = os.path.join(self.root_path, filename)
        module = types.ModuleType("config")
        module.__file__ = path
        try:
            with open(path, mode="rb") as source:
                exec(compile(source.read(), path, "exec"), module.__dict__)
        except OSError as error:
            if silent and error.errno in (errno.ENOENT, errno.EISDIR, errno.ENOTDIR):
                return False
            raise _explained(error)  # noqa: B904 - the same exception
        self.from_object(module)
        return True

    def from_object(self, obj: object | str) -> None:
        """Take the upper-case attributes of an object, such as a module or a class.

            app.config.from_object("settings.Production")

        The object is read as it is: a class is not instantiated, so its properties are not resolved.

        Args:
            obj: the object, or the import name of one as a text.

        Raises ImportError for a name that can't be imported.
        """
        source = import_string(obj) if isinstance(obj, str) else obj
        for name in dir(source):
            if name.isupper():
                self[name] = getattr(source, name)

    def from_file(
        self,
        filename: str | os.PathLike[str],
        load: Callable[[IO[Any]], Mapping[str, Any]],
        silent: bool = False,
        text: bool = True,
    ) -> bool:
        """Load a file of data, such as TOML or JSON, through a function.

            app.config.from_file("settings.toml", load=tomllib.load, text=False)

        Args:
            filename: the path of the file, relative to `root_path`.
            load: a function that gets the open file and returns a mapping.
            silent: whether to return False for a missing file instead of raising an error.
            text: whether to open the file as text instead of bytes.

        Returns True when the file was loaded. Raises OSError for a file that can't be read.
        """
        try:
            with open(os.path.join(self.root_path, filename), "r" if text else "rb") as source:
                mapping = load(source)
        except OSError as error:
            if silent and error.errno in (errno.ENOENT, errno.EISDIR):
                return False
            raise _explained(error)  # noqa: B904 - the same exception
        return self.from_mapping(mapping)

    def from_mapping(self, mapping: Mapping[str, Any] | None = None, **kwargs: Any) -> bool:
        """Take settings from a mapping and from keywords, like `update` but the upper-case ones only.

        Args:
            mapping: the mapping, or None.
            kwargs: more settings; they go before the mapping's.

        Returns True.
        """
        merged = dict(() if mapping is None else mapping)
        merged.update(kwargs)
        for key in [key for key in merged if key.isupper()]:
            self[key] = merged[key]
        return True

    def get_namespace(self, namespace: str, lowercase: bool = True, trim_namespace: bool = True) -> dict[str, Any]:
        """Return the settings whose names begin alike, as a dict for the constructor of something.

            app.config.get_namespace("MAIL_")      # {"host": …, "port": …} of MAIL_HOST and MAIL_PORT

        Args:
            namespace: the beginning of the names.
            lowercase: whether the names in the result are in lower case.
            trim_namespace: whether the beginning is cut off.
        """
        cut = len(namespace) if trim_namespace else 0
        picked = {key[cut:]: value for key, value in self.items() if key.startswith(namespace)}
        return {key.lower(): value for key, value in picked.items()} if lowercase else picked


def _explained(error: OSError) -> OSError:
    """Say in the error's own text that it was the configuration that could not be read."""
    error.strerror = f"Unable to load configuration file ({error.strerror})"
    return error


if not TYPE_CHECKING:
    from ._reexports import borrow

    borrow(__name__)
