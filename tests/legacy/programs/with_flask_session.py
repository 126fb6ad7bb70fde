"""A small program for flask_session, as its documentation of the time has it."""

import tempfile

from flask import Flask, session
from flask_session import Session

for signed in (False, True):
    app = Flask(__name__)
    app.secret_key = "k"
    app.config.update(SESSION_TYPE="filesystem", SESSION_FILE_DIR=tempfile.mkdtemp(), SESSION_USE_SIGNER=signed)
    Session(app)

    @app.route("/")
    def i():
        session["n"] = session.get("n", 0) + 1
        return str(session["n"])

    c = app.test_client()
    assert [c.get("/").text for _ in range(3)] == ["1", "2", "3"], c.get("/").status
