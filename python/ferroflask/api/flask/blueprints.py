"""The blueprint that applications use: the declaring half plus files and commands, which need the current app."""

from __future__ import annotations

from typing import IO, TYPE_CHECKING, Any, AnyStr

from ._commands import Commands
from ._serves_files import ServesFiles
from .sansio._types import PathArg
from .sansio.blueprints import Blueprint as SansioBlueprint, BlueprintSetupState as BlueprintSetupState
from .sansio.scaffold import _sentinel


class Blueprint(ServesFiles, SansioBlueprint):
    """A part of an application: views, hooks, handlers, templates and commands that are attached to it together.

        shop = Blueprint("shop", __name__, url_prefix="/shop")

        @shop.route("/cart")
        def cart(): ...

        app.register_blueprint(shop)

    The endpoint of that view is `shop.cart`, its URL `/shop/cart`.

    Args:
        name: what its endpoints start with. It must not be empty or hold a dot.
        import_name: the name of the module or package it belongs to, usually `__name__`.
        static_folder: a folder of static files of its own, absolute or relative to `root_path`; None for none.
        static_url_path: the URL path in front of them, below `url_prefix`; by default a slash and the folder's name.
        template_folder: a folder of templates of its own. The application's templates of the same names go before them.
        url_prefix: the URL path in front of all its rules.
        subdomain: the subdomain of all its rules, unless they name one.
        url_defaults: values that all its rules have as defaults.
        root_path: the folder that others are relative to, by default that of `import_name`.
        cli_group: the name of the group that its commands are in, by default its own name; None to put them beside the
            application's.

    Raises:
        ValueError: the name is empty or has a dot in it.
    """

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
        """Open a file that lies beside the blueprint's code, for reading.

        Args:
            resource: the path of the file, relative to `root_path`.
            mode: `rb` for bytes (the default), `r` or `rt` for text.
            encoding: that of a text file, UTF-8 by default.

        Raises:
            ValueError: the mode is another one.
            OSError: the file can't be opened.
        """
        return self._open_for_reading(resource, mode, encoding)


if not TYPE_CHECKING:
    from ._reexports import borrow

    borrow(__name__)
