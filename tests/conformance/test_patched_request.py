"""What a program changes on `flask.Request` itself about the reading of forms counts as it does with stock."""

from __future__ import annotations

import pytest

from .harness.printing import printed
from .harness.sides import Side

PROGRAM = """
import io
from flask import Flask, Request, request
from werkzeug.formparser import FormDataParser

class Told(FormDataParser):
    def parse(self, *args, **kwargs):
        print("told")
        return super().parse(*args, **kwargs)

{patch}

app = Flask("forms")

@app.post("/")
def view():
    return f"{{sorted(request.form.items())}} {{sorted(request.files)}} {{len(request.get_data()) > 0}}"

client = app.test_client()
for data in ({{"a": "1"}}, {{"a": "1", "b": (io.BytesIO(b"file"), "b.txt")}}):
    answer = client.post("/", data=data)
    print(answer.status, answer.text)
"""
PATCHES = [
    "Request.form_data_parser_class = Told",
    "Request.make_form_data_parser = lambda self: Told(None)",
    "Request.max_content_length = 1",
    "Request.max_form_memory_size = 0",
    "Request.max_form_parts = 0",
    "Request.want_form_data_parsed = False",
    "Request._get_stream_for_parsing = lambda self: io.BytesIO()",
    "Request._get_file_stream = lambda self, *args, **kwargs: print('told') or io.BytesIO()",
]


@pytest.fixture(scope="module")
def unpatched() -> list[str]:
    return printed("-c", PROGRAM.format(patch=""))[Side.STOCK]


@pytest.mark.parametrize("patch", PATCHES)
def test_a_patch_counts(patch: str, unpatched: list[str]) -> None:
    lines = printed("-c", PROGRAM.format(patch=patch))
    assert lines[Side.STOCK] != unpatched, "it does something"
    assert lines[Side.OURS] == lines[Side.STOCK]
