"""The blueprint that applications use: the declaring half plus files and commands, which need the current app."""

from __future__ import annotations

import os
from datetime import timedelta
from typing import IO, TYPE_CHECKING, Any, AnyStr, cast

from .cli import AppGroup
from .globals import current_app
from .helpers import send_from_directory
from .sansio.blueprints import Blueprint as SansioBlueprint
from .sansio.blueprints import BlueprintSetupState as BlueprintSetupState
from .sansio.scaffold import _sentinel

if TYPE_CHECKING:
    from .sansio._vocabulary import PathArg
    from .wrappers import Response


class Blueprint(SansioBlueprint):
    """A part of an application, put together apart and attached by `register_blueprint`. `cli` holds its commands."""

    def __init__(
        self,
        name: str,
        import_name: str,
        static_folder: PathArg | None = None,
        static_url_path: str | None = None,
        template_folder: PathArg | None = None,
        url_prefix: str | None = None,
        subdomain: str | None = None,
        url_defaults: dict[str, Any] | None = None,
        root_path: str | None = None,
        cli_group: str | None = _sentinel,
    ) -> None:
        folders = (static_folder, static_url_path, template_folder)
        super().__init__(name, import_name, *folders, url_prefix, subdomain, url_defaults, root_path, cli_group)
        # Named, so that the group can also be hung into another Click program.
        self.cli = AppGroup(name=self.name)

    def get_send_file_max_age(self, filename: str | None) -> int | None:
        """Seconds that a file may be cached without asking (SEND_FILE_MAX_AGE_DEFAULT); None: ask each time."""
        configured: timedelta | int | None = current_app.config["SEND_FILE_MAX_AGE_DEFAULT"]
        if isinstance(configured, timedelta):
            return int(configured.total_seconds())
        return configured

    def send_static_file(self, filename: str) -> Response:
        """The view behind the blueprint's static rule. RuntimeError without a static folder."""
        folder = self.static_folder
        if folder is None:
            raise RuntimeError("'static_folder' must be set to serve static_files.")
        # `send_file` asks the app for the age; a blueprint that overrides the method must be asked itself.
        return send_from_directory(folder, filename, max_age=self.get_send_file_max_age(filename))

    def open_resource(self, resource: str, mode: str = "rb", encoding: str | None = "utf-8") -> IO[AnyStr]:
        """Open a file that lies beside the blueprint's code, for reading only.

        `mode` is `rb`, `r` or `rt`, anything else a ValueError; `encoding` counts for text.
        """
        if mode not in ("rb", "r", "rt"):
            raise ValueError("Resources can only be opened for reading.")
        path = os.path.join(self.root_path, resource)
        return cast("IO[AnyStr]", open(path, mode, encoding=None if mode == "rb" else encoding))
