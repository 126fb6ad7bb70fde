"""Runs in a process of its own: loads a program, and serves it by a socket or answers through its test client.

The client's door speaks JSON, one request per line of stdin, one answer per line of stdout; bodies travel in base64.
The first line says which `flask` the program got. It must not know which side it is.
"""

from __future__ import annotations

import base64
import importlib.util
import json
import os
import sys
from pathlib import Path
from typing import IO, Any


def load(program: Path) -> Any:
    spec = importlib.util.spec_from_file_location(program.stem, program)
    if spec is None or spec.loader is None:
        raise SystemExit(f"{program} is no Python file")
    module = importlib.util.module_from_spec(spec)
    sys.modules[program.stem] = module
    spec.loader.exec_module(module)
    return module.make_app(Path.cwd())


def answer_lines(app: Any, answers: IO[str]) -> None:
    client = app.test_client()
    for line in sys.stdin:
        question = json.loads(line)
        response = client.open(
            question["target"],
            method=question["method"],
            headers=question["headers"],
            data=base64.b64decode(question["body"]),
        )
        answer = {
            "status": response.status,
            "headers": list(response.headers),
            "body": base64.b64encode(response.data).decode(),
        }
        response.close()
        print(json.dumps(answer), file=answers, flush=True)


def main() -> None:
    # What the program prints must not get among the answers.
    answers = os.fdopen(os.dup(1), "w", encoding="utf-8")
    os.dup2(2, 1)
    door, program, port = sys.argv[1], Path(sys.argv[2]), int(sys.argv[3])
    app = load(program)
    import flask  # after the program, which must be the first to do so

    print(json.dumps({"flask": flask.__file__}), file=answers, flush=True)
    if door == "socket":
        app.run(host="127.0.0.1", port=port)
    else:
        answer_lines(app, answers)


if __name__ == "__main__":
    main()
