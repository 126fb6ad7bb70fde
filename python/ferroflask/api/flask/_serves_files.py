"""What an application and a blueprint share about files: their static folder and the resources beside their code.

It must not know which of the two it serves.
"""

from __future__ import annotations

import os
import typing as t
from datetime import timedelta

from .globals import current_app
from .helpers import send_from_directory
from .sansio._folders import Folders
from .wrappers import Response


class ServesFiles(Folders):
    """Mixed into `Flask` and `Blueprint`."""

    def get_send_file_max_age(self, filename: str | None) -> int | None:
        """Return how long browsers may use a file without a new request. `send_file` calls this.

        Override it to decide by name.

        Args:
            filename: the name or path of the file; None for an open file without a name.

        Returns seconds, or None for a request each time. Here it is the setting `SEND_FILE_MAX_AGE_DEFAULT`, a
        number of seconds or a timedelta.
        """
        configured: timedelta | int | None = current_app.config["SEND_FILE_MAX_AGE_DEFAULT"]
        return int(configured.total_seconds()) if isinstance(configured, timedelta) else configured

    def send_static_file(self, filename: str) -> Response:
        """Return a response with a file of the static folder: the view behind the endpoint `static`.

        Args:
            filename: the path of the file below the folder.

        Raises:
            RuntimeError: there is no static folder.
            NotFound (404): there is no such file.
        """
        folder = self.static_folder
        if folder is None:
            raise RuntimeError("'static_folder' must be set to serve static_files.")
        # `send_file` would call the app's method for the age; a blueprint's own override comes first.
        return send_from_directory(folder, filename, max_age=self.get_send_file_max_age(filename))

    def _open_for_reading(self, resource: str, mode: str, encoding: str | None) -> t.IO[t.Any]:
        if mode not in ("r", "rt", "rb"):
            raise ValueError("Resources can only be opened for reading.")
        return open(os.path.join(self.root_path, resource), mode, encoding=None if mode == "rb" else encoding)
