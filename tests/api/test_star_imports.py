"""`from flask import *` gives every name that it gives with stock, also those that ours loads when they are needed."""

from __future__ import annotations

import json
import os
import subprocess
import sys

import pytest

ASK = """
import json
names = {{}}
exec("from {module} import *", names)
print(json.dumps(sorted(name for name in names if not name.startswith("__"))))
"""


def names(module: str, ferroflask: str) -> set[str]:
    environment = {**os.environ, "FERROFLASK": ferroflask}
    command = [sys.executable, "-c", "import flask\n" + ASK.format(module=module)]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=True)
    return set(json.loads(done.stdout))


@pytest.mark.parametrize("module", ["flask", "werkzeug"])
def test_star_import(module: str) -> None:
    assert names(module, "0") - names(module, "1") == set()
