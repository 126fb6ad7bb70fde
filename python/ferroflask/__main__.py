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
       python -m ferroflask --check                      say what `import flask` brings in this environment, and why
"""


def main(arguments: list[str]) -> int:
    """Do what the command line says and return the exit status; `arguments` are without the program's name."""
    match arguments:
        case ["-h" | "--help"]:
            sys.stdout.write(USAGE)
        case ["-V" | "--version"]:
            from ferroflask import __version__

            sys.stdout.write(f"ferroflask {__version__}\n")
        case ["--check"]:
            return _check()
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


def _check() -> int:
    """Print what a program gets that only imports flask; return 0 if that is ours."""
    from ferroflask.activation.import_hook import enabled, flask_spec, hook_ran

    ours = flask_spec()
    if hook_ran() and ours is not None:
        sys.stdout.write(f"`import flask` brings ferroflask's: {ours.origin}\n")
        return 0
    if not enabled():
        reason = "FERROFLASK=0 is set"
    else:
        reason = (
            "no start-up hook of ferroflask ran in this interpreter; begin the program with `import ferroflask`,"
            " or run it with `python -m ferroflask`"
        )
    stock = _first_on_path()
    brings = f"brings stock Flask: {stock}" if stock else "fails: there is no Flask"
    sys.stdout.write(f"`import flask` {brings}\nReason: {reason}.\n")
    return 1


def _first_on_path() -> str | None:
    from importlib.machinery import PathFinder

    spec = PathFinder.find_spec("flask")
    return None if spec is None else spec.origin


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
