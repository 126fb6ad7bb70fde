"""Virtual environments for the packaging tests: made empty, filled by the way of installing under test.

All builds use the profile, the target folder and the interpreter file of the Makefile, so that the Rust is compiled
once for the wheels, and not again for what is installed from the sources' own folder.
"""

from __future__ import annotations

import os
import subprocess
import sys
import venv
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest

PROJECT = Path(__file__).parents[2]
TARGET = Path(os.environ.get("CARGO_TARGET_DIR", PROJECT / "target"))
PROFILE = os.environ.get("FERROFLASK_BUILD_PROFILE", "release")
MATURIN = [sys.executable, "-m", "maturin"]
BUILD = ["--locked", "--profile", PROFILE]
# What lies in the sources' own folder is imported by other tests too, which need these functions.
IN_PLACE = [*BUILD, "--features", "testing"]
# What would change the answer from outside; pip's own settings stay.
FOREIGN = ("PYTHON", "FERROFLASK", "FLASK", "VIRTUAL_ENV", "COVERAGE", "MATURIN")

Done = subprocess.CompletedProcess[str]


def clean_environment(**extra: str) -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if not name.startswith(FOREIGN)}
    return kept | extra


def build_environment(build: list[str] = BUILD) -> dict[str, str]:
    interpreter_file = TARGET / f"pyo3-{sys.version_info[0]}.{sys.version_info[1]}.txt"
    settings = {"CARGO_TARGET_DIR": str(TARGET), "MATURIN_PEP517_ARGS": " ".join(build)}
    if interpreter_file.is_file():
        settings["PYO3_CONFIG_FILE"] = str(interpreter_file)
    return clean_environment(**settings)


@dataclass(frozen=True)
class Environment:
    """A virtual environment without pip; the packages are put in from outside."""

    root: Path

    @property
    def bin(self) -> Path:
        return self.root / "bin"

    @property
    def site_packages(self) -> Path:
        return self.root / "lib" / f"python{sys.version_info[0]}.{sys.version_info[1]}" / "site-packages"

    def run(self, *arguments: object, check: bool = True, **settings: str) -> Done:
        """Run this environment's Python; `settings` are environment variables."""
        return self.call("python", *arguments, check=check, **settings)

    def call(self, program: str, *arguments: object, check: bool = True, **settings: str) -> Done:
        """Run a program of this environment's `bin` in its own folder, away from the project's sources."""
        command = [str(self.bin / program), *map(str, arguments)]
        return run(command, clean_environment(**settings), self.root, check)

    def pip(self, action: str, *arguments: object) -> None:
        pip = [
            sys.executable,
            "-m",
            "pip",
            "--quiet",
            "--disable-pip-version-check",
            "--python",
            str(self.bin / "python"),
        ]
        environment = build_environment(IN_PLACE if "--editable" in arguments else BUILD)
        run([*pip, action, *map(str, arguments)], environment, PROJECT)

    def develop(self) -> None:
        # maturin calls the pip of the environment, which has none yet.
        run([str(self.bin / "python"), "-m", "ensurepip"], clean_environment(), self.root)
        run([*MATURIN, "develop", *IN_PLACE], build_environment() | {"VIRTUAL_ENV": str(self.root)}, PROJECT)

    def flask_file(self, **settings: str) -> Path:
        """Return the file that `import flask` loads in this environment."""
        return Path(self.run("-c", "import flask; print(flask.__file__)", **settings).stdout.strip())

    def has_ours(self, **settings: str) -> bool:
        return self.flask_file(**settings).parts[-4:] == ("ferroflask", "api", "flask", "__init__.py")

    def has_stock(self, **settings: str) -> bool:
        return self.flask_file(**settings) == self.site_packages / "flask" / "__init__.py"


def run(command: list[str], environment: dict[str, str], folder: Path, check: bool = True) -> Done:
    """Run a command and return what it did; with `check`, the test fails when the command does."""
    done = subprocess.run(command, env=environment, cwd=folder, capture_output=True, text=True, timeout=600)
    if check and done.returncode:
        pytest.fail(f"{' '.join(command)} exited {done.returncode}\n{done.stdout}\n{done.stderr}", pytrace=False)
    return done


@pytest.fixture
def new_environment(tmp_path: Path) -> Callable[[], Environment]:
    """Make one more empty environment."""

    def make() -> Environment:
        root = tmp_path / f"venv{len(list(tmp_path.iterdir()))}"
        venv.create(root, with_pip=False, symlinks=True)
        return Environment(root)

    return make


@pytest.fixture(scope="session")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the path of a wheel: the one that FERROFLASK_WHEEL names, else one built now."""
    ready_made = os.environ.get("FERROFLASK_WHEEL")
    if ready_made:
        return Path(ready_made)
    folder = tmp_path_factory.mktemp("wheel")
    here = ["--compatibility", "linux", "--interpreter", sys.executable, "--out", str(folder)]
    run([*MATURIN, "build", *BUILD, *here], build_environment(), PROJECT)
    (made,) = folder.glob("ferroflask-*.whl")
    return made


@pytest.fixture(scope="session")
def installed(tmp_path_factory: pytest.TempPathFactory, wheel: Path) -> Environment:
    """Return an environment with the wheel installed; tests that share it must leave it as it is."""
    root = tmp_path_factory.mktemp("installed") / "venv"
    venv.create(root, with_pip=False, symlinks=True)
    environment = Environment(root)
    environment.pip("install", wheel)
    return environment
