import os
from datetime import timedelta
from pathlib import Path

from flask import Flask, jsonify, redirect, request, session, url_for
from flask_session import Session


def make_app(folder: Path) -> Flask:
    app = Flask("store")
    kind = os.environ["STORE"]
    app.config.update(SESSION_TYPE=kind, SECRET_KEY="store-secret", SESSION_COOKIE_NAME="sid")
    app.config["PERMANENT_SESSION_LIFETIME"] = timedelta(hours=2)
    app.config["SESSION_PERMANENT"] = os.environ.get("LASTING") == "1"
    if kind == "redis":
        import redis

        app.config["SESSION_REDIS"] = redis.Redis(port=int(os.environ["REDIS_PORT"]), db=int(os.environ["REDIS_DB"]))
    elif kind == "cachelib":
        from cachelib.file import FileSystemCache

        app.config["SESSION_CACHELIB"] = FileSystemCache(cache_dir=folder / "sessions", threshold=500)
    elif kind == "filesystem":
        app.config["SESSION_FILE_DIR"] = str(folder / "sessions")
    else:
        from flask_sqlalchemy import SQLAlchemy

        app.config["SQLALCHEMY_DATABASE_URI"] = f"sqlite:///{folder}/sessions.db"
        app.config["SESSION_SQLALCHEMY"] = SQLAlchemy(app)
    Session(app)

    @app.post("/basket")
    def put():
        session.setdefault("basket", []).append(request.form["thing"])
        session.modified = True
        return redirect(url_for("show"))

    @app.get("/basket")
    def show():
        return jsonify(basket=session.get("basket"), new=session.new, permanent=session.permanent)

    @app.get("/nothing")
    def nothing():
        return "no session is touched here"

    @app.get("/other-sid")
    def other_sid():
        before = session.sid
        app.session_interface.regenerate(session)
        return jsonify(changed=session.sid != before, basket=session["basket"])

    @app.get("/kind")
    def kind_of():
        return f"{type(app.session_interface).__name__} {type(session._get_current_object()).__name__}"

    @app.get("/stored")
    def stored():
        if kind == "redis":
            store = app.config["SESSION_REDIS"]
            keys = store.keys()
            return jsonify(count=len(keys), lasts=[0 < store.ttl(key) <= 7200 * 400 for key in keys])
        return jsonify(count=len(list(folder.rglob("*"))) > 0)

    @app.post("/empty")
    def empty():
        session.clear()
        return "emptied"

    return app
