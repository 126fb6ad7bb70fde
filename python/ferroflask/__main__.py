"""``python -m ferroflask``: run a script or a module with ``flask`` being ours, or one of ferroflask's own commands.

For interpreters in which the start-up hook does not run. It must not know what the commands do: `ferroflask.cli` does.
"""

from __future__ import annotations

import runpy
import sys
from pathlib import Path

COMMANDS = frozenset({"serve"})

USAGE = """\
usage: python -m ferroflask SCRIPT [ARGUMENT ...]        run a script, as `python SCRIPT` does
       python -m ferroflask -m MODULE [ARGUMENT ...]     run a module, as `python -m MODULE` does
       python -m ferroflask serve MODULE:APP [OPTION ...]  serve an application; `serve --help` lists the options
"""


def main(arguments: list[str]) -> int:
    """Do what the command line says and return the exit status; `arguments` are without the program's name."""
    match arguments:
        case ["-h" | "--help"]:
            sys.stdout.write(USAGE)
        case ["-V" | "--version"]:
            from ferroflask import __version__

            sys.stdout.write(f"ferroflask {__version__}\n")
        case [command, *_] if command in COMMANDS:
            _run_command()
        case ["-m", module, *rest]:
            _run_module(module, rest)
        case [script, *rest] if not script.startswith("-"):
            _run_script(script, rest)
        case _:
            sys.stderr.write(USAGE)
            return 2
    return 0


def _run_command() -> None:
    from ferroflask.cli import main as command_line

    # It reads `sys.argv` itself, and shows the program as `python -m ferroflask` in its help.
    command_line()


def _run_module(module: str, arguments: list[str]) -> None:
    sys.argv = [module, *arguments]
    runpy.run_module(module, run_name="__main__", alter_sys=True)


def _run_script(script: str, arguments: list[str]) -> None:
    if not Path(script).exists():
        sys.exit(f"ferroflask: can't open {script!r}: no such file. Give the path of a Python script.")
    sys.argv = [script, *arguments]
    # Python 3.10 has no flag of its own for what `-I` and `-P` forbid.
    if not getattr(sys.flags, "safe_path", sys.flags.isolated):
        # `python -m` put the current folder first; a script expects its own.
        sys.path[0] = str(Path(script).resolve().parent)
    runpy.run_path(script, run_name="__main__")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
