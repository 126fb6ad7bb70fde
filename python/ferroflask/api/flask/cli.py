"""The `flask` command: the group behind the script, and the table of contents of everything that `flask.cli` offers.

The parts live in private modules. Where a part calls another by a name that people replace in tests (`run_simple`,
`load_dotenv`, `show_server_banner`, `get_debug_flag`, `locate_app` and the like), it looks the name up here, so that
the replacement counts.
"""

from __future__ import annotations

import typing as t

from ._cli.environment import (
    _path_is_ancestor as _path_is_ancestor,
    get_version as get_version,
    load_dotenv as load_dotenv,
    show_server_banner as show_server_banner,
)
from ._cli.group import (
    FlaskGroup as FlaskGroup,
    _app_option as _app_option,
    _debug_option as _debug_option,
    _env_file_callback as _env_file_callback,
    _env_file_option as _env_file_option,
    _set_app as _set_app,
    _set_debug as _set_debug,
    version_option as version_option,
)
from ._cli.inspect import routes_command as routes_command, shell_command as shell_command
from ._cli.loading import (
    NoAppException as NoAppException,
    _called_with_wrong_args as _called_with_wrong_args,
    find_app_by_string as find_app_by_string,
    find_best_app as find_best_app,
    locate_app as locate_app,
    prepare_import as prepare_import,
)
from ._cli.run import (
    CertParamType as CertParamType,
    SeparatedPathType as SeparatedPathType,
    _validate_key as _validate_key,
    run_command as run_command,
)
from ._cli.script import (
    AppGroup as AppGroup,
    ScriptInfo as ScriptInfo,
    pass_script_info as pass_script_info,
    with_appcontext as with_appcontext,
)
from .globals import current_app as current_app
from .helpers import get_debug_flag as get_debug_flag, get_load_dotenv as get_load_dotenv

cli = FlaskGroup(
    name="flask",
    help="The command line of a Flask application.\n\n"
    "The application is the one given with '--app' or in the environment variable FLASK_APP, or else the one in"
    " 'wsgi.py' or 'app.py' in the current directory.",
)

if t.TYPE_CHECKING:
    from werkzeug import run_simple as run_simple
    from werkzeug.serving import is_running_from_reloader as is_running_from_reloader
else:
    from ._reexports import borrow

    borrow("flask.cli")


def main() -> None:
    """Run the `flask` command with the arguments of this process."""
    cli.main()


if __name__ == "__main__":
    main()
