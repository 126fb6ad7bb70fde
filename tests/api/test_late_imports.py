"""What `import flask` leaves for later is there when somebody looks, wherever it is with stock, and no sooner."""

from __future__ import annotations

import subprocess
import sys
import textwrap

import pytest

#: Loaded by stock, and by ours when they are needed.
WAITING = """
    click jinja2 werkzeug.serving werkzeug.test werkzeug.formparser werkzeug.sansio.multipart tempfile shutil socket
    calendar locale platform random
"""

#: Programs that print True for each thing that has to hold.
PROGRAMS = {
    "nothing is loaded too early": f"""
        import flask, sys
        early = set({WAITING.split()!r}) & sys.modules.keys()
        print(early == set() or early)
    """,
    "a late module is what it is": """
        import flask, sys, types
        import email.utils, uuid
        late = sys.modules["uuid"]
        print(type(late) is not types.ModuleType, uuid is late)
        print(uuid.UUID(int=1).int == 1, type(uuid) is types.ModuleType)
        print(uuid.__spec__.loader is uuid.__loader__, type(uuid.__loader__).__module__.startswith("_frozen_importlib"))
        print(email.utils.formatdate(0) == "Thu, 01 Jan 1970 00:00:00 -0000", "parseaddr" in dir(email.utils))
    """,
    "from a late module": """
        import flask
        from decimal import Decimal
        from email.utils import parseaddr
        print(Decimal("1.5") * 2 == 3, parseaddr("a <b@c>") == ("a", "b@c"))
    """,
    "a patch of a late module": """
        import flask, uuid
        uuid.uuid4 = lambda: 4
        print(uuid.uuid4() == 4, uuid.uuid1().version == 1)
        import secrets
        del secrets.token_hex
        print(not hasattr(secrets, "token_hex"), len(secrets.token_bytes(3)) == 3)
    """,
    "a late module is reloaded": """
        import flask, importlib, secrets
        print(importlib.reload(secrets) is secrets, len(secrets.token_bytes(3)) == 3)
    """,
    "others import as ever": """
        import sys, types
        import uuid
        print(type(sys.modules["uuid"]) is types.ModuleType)
        import flask, mimetypes, pkgutil
        print(flask.json.provider.uuid is uuid)
    """,
    "threads look at once": """
        import flask, threading
        import email.utils
        seen, barrier = [], threading.Barrier(8)
        def look():
            barrier.wait()
            seen.append(email.utils.format_datetime and email.utils.parsedate_to_datetime)
        threads = [threading.Thread(target=look) for _ in range(8)]
        for each in threads: each.start()
        for each in threads: each.join()
        print(len(seen) == 8, len(set(seen)) == 1)
    """,
    "the form parser by its class": """
        import flask, sys
        parser = flask.Request.form_data_parser_class
        import werkzeug.formparser, werkzeug.wrappers
        print(parser is werkzeug.formparser.FormDataParser)
        print(vars(werkzeug.wrappers.Request)["form_data_parser_class"] is parser)
        print(werkzeug.wrappers.request.FormDataParser is parser)
    """,
    "the form parser by its package": """
        import flask, werkzeug
        print("formparser" in dir(werkzeug), werkzeug.formparser.parse_form_data.__name__ == "parse_form_data")
        print(werkzeug.sansio.multipart.MultipartDecoder.__name__ == "MultipartDecoder")
        print(not hasattr(werkzeug, "nothing"), not hasattr(werkzeug.sansio, "nothing"))
    """,
    "the stream factory": """
        import flask
        request = flask.Request({})
        print(type(request._get_file_stream(1 << 20, None)).__name__ == "SpooledTemporaryFile")
        import werkzeug.wrappers.request as module, werkzeug.formparser as home
        print(module.default_stream_factory is home.default_stream_factory)
    """,
    "a parser of one's own": """
        import flask, io, werkzeug.wrappers
        class Parser(werkzeug.wrappers.Request.form_data_parser_class):
            def parse(self, *args, **kwargs):
                stream, form, files = super().parse(*args, **kwargs)
                return stream, type(form)({**form, "own": "yes"}), files
        class Request(flask.Request):
            form_data_parser_class = Parser
        app = flask.Flask("probe")
        app.request_class = Request
        app.add_url_rule("/", "form", lambda: flask.request.form.to_dict(), methods=["POST"])
        print(app.test_client().post("/", data={"a": "1"}).json == {"a": "1", "own": "yes"})
    """,
    "a spooled file of one's own": """
        import flask, io, tempfile
        written = []
        class Spooled(tempfile.SpooledTemporaryFile):
            pass
        write = tempfile.SpooledTemporaryFile.write
        tempfile.SpooledTemporaryFile.write = lambda self, data: written.append(len(data)) or write(self, data)
        app = flask.Flask("probe")
        app.add_url_rule("/", "up", lambda: str(len(flask.request.files["f"].read())), methods=["POST"])
        body = {"f": (io.BytesIO(b"x" * 700_000), "name")}
        print(app.test_client().post("/", data=body).text == "700000", sum(written) == 700_000)
    """,
    "former names are off": """
        import os
        os.environ["FERROFLASK_LEGACY"] = "0"
        import flask, werkzeug.formparser
        print(flask.Request.form_data_parser_class is werkzeug.formparser.FormDataParser)
    """,
}


@pytest.mark.parametrize("case", PROGRAMS)
def test_late(case: str) -> None:
    command = [sys.executable, "-c", textwrap.dedent(PROGRAMS[case])]
    done = subprocess.run(command, capture_output=True, text=True, timeout=50)
    assert done.returncode == 0, done.stderr
    assert set(done.stdout.split()) == {"True"}, done.stdout
