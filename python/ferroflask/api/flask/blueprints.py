"""The blueprint that applications use: the declaring half plus files and commands, which need the current app."""

from __future__ import annotations

from typing import IO, TYPE_CHECKING, Any, AnyStr

from ._commands import Commands
from ._serves_files import ServesFiles
from .sansio._types import PathArg
from .sansio.blueprints import Blueprint as SansioBlueprint, BlueprintSetupState as BlueprintSetupState
from .sansio.scaffold import _sentinel


class Blueprint(ServesFiles, SansioBlueprint):
    """A part of an application, put together apart and attached by `register_blueprint`. `cli` holds its commands."""

    # Named, so that the group can also be hung into another Click program.
    cli = Commands()

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

    def open_resource(self, resource: str, mode: str = "rb", encoding: str | None = "utf-8") -> IO[AnyStr]:
        """Open a file that lies beside the blueprint's code, for reading only.

        `mode` is `rb`, `r` or `rt`, anything else a ValueError; `encoding` counts for text.
        """
        return self._open_for_reading(resource, mode, encoding)


if not TYPE_CHECKING:
    from ._reexports import borrow

    borrow(__name__)
