"""Where an application or a blueprint lies on disk, with its folders of static files and templates. Serves none."""

from __future__ import annotations

import os

from werkzeug.utils import cached_property

from .. import _jinja_types as jinja
from ..helpers import get_root_path
from ._types import PathArg


class Folders:
    """The folder attributes of `Flask` and `Blueprint`; relative ones start at `root_path`."""

    # As given; None when there is none, or when the URL path follows from the folder.
    _static_url_path: str | None = None
    _static_folder: str | None = None

    def __init__(self, import_name: str, root_path: str | None, template_folder: PathArg | None) -> None:
        # The module or package that the object belongs to. Neither it nor the root is to be changed later.
        self.import_name = import_name
        self.root_path: str = get_root_path(import_name) if root_path is None else root_path
        self.template_folder = template_folder

    @property
    def static_folder(self) -> str | None:
        """The absolute path of the folder with static files, or None. May be set to a path relative to `root_path`."""
        folder = self._static_folder
        return None if folder is None else os.path.join(self.root_path, folder)

    @static_folder.setter
    def static_folder(self, value: PathArg | None) -> None:
        self._static_folder = None if value is None else os.fspath(value).rstrip("/\\")

    @property
    def static_url_path(self) -> str | None:
        """The URL path in front of static files, without a slash at its end.

        None where there are no static files. Unless set, it is a slash and the name of the folder.
        """
        given, folder = self._static_url_path, self.static_folder
        if given is not None or folder is None:
            return given
        return f"/{os.path.basename(folder)}".rstrip("/")

    @static_url_path.setter
    def static_url_path(self, value: str | None) -> None:
        self._static_url_path = value if value is None else value.rstrip("/")

    @property
    def has_static_folder(self) -> bool:
        """Whether there is a folder of static files, so that they are served."""
        return self.static_folder is not None

    @cached_property
    def jinja_loader(self) -> jinja.BaseLoader | None:
        """The Jinja loader for the templates in `template_folder`, or None where that is None. May be assigned."""
        folder = self.template_folder
        if folder is None:
            return None
        from jinja2 import FileSystemLoader  # only programs with templates need it

        return FileSystemLoader(os.path.join(self.root_path, folder))
