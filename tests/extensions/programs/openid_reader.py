import http.client
import threading
from pathlib import Path
from urllib.parse import parse_qsl, urlsplit
from wsgiref.simple_server import WSGIRequestHandler, make_server

from flask import Flask, flash, g, get_flashed_messages, jsonify, redirect, request, session
from flask_openid import OpenID
from openid.extensions.sreg import SRegRequest, SRegResponse
from openid.server.server import Server
from openid.store.memstore import MemoryStore


class Quiet(WSGIRequestHandler):
    def log_message(self, *args):
        pass


def start_provider() -> str:
    """An OpenID provider that says yes to everybody, without Flask."""

    def answer(environ, start_response):
        base = f"http://127.0.0.1:{environ['SERVER_PORT']}"
        if environ["PATH_INFO"] == "/op":
            size = int(environ.get("CONTENT_LENGTH") or 0)
            query = dict(parse_qsl(environ["QUERY_STRING"] or environ["wsgi.input"].read(size).decode()))
            asked = provider.decodeRequest(query)
            if asked.mode in {"checkid_setup", "checkid_immediate"}:
                said = asked.answer("cancel" not in environ["QUERY_STRING"], identity=f"{base}/ada")
                facts = {"nickname": "ada", "email": "ada@example.org", "fullname": "Ada L"}
                said.addExtension(SRegResponse.extractResponse(SRegRequest.fromOpenIDRequest(asked), facts))
            else:
                said = provider.handleRequest(asked)
            web = provider.encodeResponse(said)
            start_response(f"{web.code} X", list(web.headers.items()))
            return [web.body.encode() if isinstance(web.body, str) else web.body]
        if environ["PATH_INFO"] == "/ada":
            start_response("200 OK", [("Content-Type", "text/html")])
            page = f'<html><head><link rel="openid2.provider openid.server" href="{base}/op"></head><body>ada</body></html>'
            return [page.encode()]
        start_response("404 Not Found", [("Content-Type", "text/plain")])
        return [b"nobody"]

    server = make_server("127.0.0.1", 0, answer, handler_class=Quiet)
    base = f"http://127.0.0.1:{server.server_port}"
    provider = Server(MemoryStore(), op_endpoint=f"{base}/op")
    threading.Thread(target=server.serve_forever, daemon=True).start()
    return base


def make_app(folder: Path) -> Flask:
    base = start_provider()
    app = Flask("reader")
    app.secret_key = "reader-secret"
    oid = OpenID(app, fs_store_path=str(folder / "openid"), safe_roots=[])

    @app.before_request
    def look_up():
        g.user = session.get("openid") and session.get("nick")

    @app.get("/provider")
    def provider():
        return base

    @app.post("/visit")
    def visit():
        "What a browser does that is sent to the provider: asks it, and is sent back."
        there = urlsplit(request.form["url"])
        connection = http.client.HTTPConnection(there.netloc)
        connection.request("GET", f"{there.path}?{there.query}")
        return connection.getresponse().getheader("Location")

    @app.route("/login", methods=["GET", "POST"])
    @oid.loginhandler
    def login():
        if g.user is not None:
            return redirect(oid.get_next_url())
        if request.method == "POST":
            return oid.try_login(request.form["openid"], ask_for=["email", "nickname"], ask_for_optional=["fullname"])
        return f"login; next={oid.get_next_url()} error={oid.fetch_error()}"

    @oid.after_login
    def known(response):
        session["openid"] = "yes"
        session["nick"] = response.nickname
        flash(f"{response.nickname} {response.email} {response.fullname} {response.identity_url == base + '/ada'}")
        return redirect(oid.get_next_url())

    @app.get("/")
    def home():
        return jsonify(user=g.user, said=get_flashed_messages())

    @app.get("/logout")
    def logout():
        session.clear()
        return "out"

    return app
