"""Gets the source archive of a suite by pip, and unpacks it into the build folder, once.

Which index pip asks, and by which proxy, is the user's configuration of pip.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tarfile
import tempfile
from pathlib import Path

from .suites import Suite

PROJECT = Path(__file__).parents[2]
CACHE = Path(os.environ.get("CARGO_TARGET_DIR", PROJECT / "target")) / "upstream"
DOWNLOAD_SECONDS = 300


def unpacked(suite: Suite) -> Path:
    """Return the folder of the unpacked archive, fetched when it is not there yet.

    Raises:
        RuntimeError: pip got no archive, or one with another checksum; pip's own words are in the message.
    """
    folder = CACHE / f"{suite.release}-{suite.sha256[:8]}"
    if folder.is_dir():
        return folder
    CACHE.mkdir(parents=True, exist_ok=True)
    # Made beside its final place and renamed, so that a run which was broken off leaves no half of a suite.
    with tempfile.TemporaryDirectory(dir=CACHE) as scratch:
        archive = _downloaded(suite, Path(scratch))
        whole = Path(scratch) / "unpacked"
        _unpack(archive, whole, suite.left_out)
        (inner,) = whole.iterdir()
        try:
            inner.rename(folder)
        except OSError:
            # Another run was quicker.
            if not folder.is_dir():
                raise
    return folder


def _downloaded(suite: Suite, scratch: Path) -> Path:
    wanted = scratch / "wanted.txt"
    wanted.write_text(f"{suite.distribution}=={suite.version} --hash=sha256:{suite.sha256}\n", encoding="utf-8")
    sdist_only = ["--no-deps", "--no-binary", suite.distribution, "--require-hashes"]
    command = [sys.executable, "-m", "pip", "--disable-pip-version-check", "download", "--quiet", *sdist_only]
    done = subprocess.run(
        [*command, "--dest", str(scratch / "download"), "--requirement", str(wanted)],
        capture_output=True,
        text=True,
        timeout=DOWNLOAD_SECONDS,
    )
    if done.returncode:
        raise RuntimeError(f"pip could not fetch the sources of {suite.release}:\n{done.stderr}")
    (archive,) = (scratch / "download").iterdir()
    return archive


def _unpack(archive: Path, folder: Path, left_out: tuple[str, ...]) -> None:
    with tarfile.open(archive) as tar:
        # The first part of every name is the folder that the archive makes.
        members = [member for member in tar.getmembers() if not {*member.name.split("/")[1:2]} & {*left_out}]
        tar.extractall(folder, members, filter="data")
