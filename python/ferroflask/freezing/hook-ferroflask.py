"""PyInstaller's hook for `ferroflask`. Our `flask` package is loaded from its files and the libraries by the engine, so
that PyInstaller sees neither in the imports of a program.
"""

from PyInstaller.utils.hooks import collect_data_files, collect_submodules, copy_metadata

LIBRARIES = ("werkzeug", "jinja2", "markupsafe", "itsdangerous", "blinker", "click")

# The files of `api` are found by their place beside `ferroflask.activation.import_hook`, never imported by that name.
datas = collect_data_files("ferroflask", subdir="api", include_py_files=True)
# `flask --version` and extensions read these.
for distribution in ("ferroflask", "flask", "werkzeug"):
    datas += copy_metadata(distribution)

hiddenimports = collect_submodules("ferroflask", filter=lambda name: not name.startswith("ferroflask.api"))
for library in LIBRARIES:
    hiddenimports += collect_submodules(library)
