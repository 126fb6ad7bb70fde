from pathlib import Path

from flask import Blueprint, Flask, flash, get_flashed_messages, redirect, request, session, url_for
from flask_login import (
    LoginManager,
    UserMixin,
    confirm_login,
    current_user,
    fresh_login_required,
    login_required,
    login_user,
    logout_user,
    user_logged_in,
    user_unauthorized,
)

manager = LoginManager()
rooms = Blueprint("rooms", __name__, url_prefix="/rooms")


class User(UserMixin):
    def __init__(self, name, active=True):
        self.id, self.active = name, active

    @property
    def is_active(self):
        return self.active


USERS = {"ada": User("ada"), "bob": User("bob"), "gone": User("gone", active=False)}


@rooms.get("/")
@login_required
def lobby():
    return f"{current_user.id} in {request.blueprint}"


def make_app(folder: Path) -> Flask:
    app = Flask("rooms_app")
    app.secret_key = "rooms-secret"
    manager.init_app(app)
    manager.login_view = "login"
    manager.refresh_view = "again"
    manager.needs_refresh_message = "Who are you again?"
    app.register_blueprint(rooms)
    log = []
    user_logged_in.connect(lambda sender, user: log.append(f"in {user.id}"), app, weak=False)
    user_unauthorized.connect(lambda sender: log.append("no"), app, weak=False)

    @manager.user_loader
    def load(name):
        return USERS.get(name)

    @manager.request_loader
    def by_key(request):
        return USERS.get(request.headers.get("X-Key", ""))

    @app.route("/login", methods=["GET", "POST"])
    def login():
        if request.method == "POST":
            user = USERS.get(request.form["name"])
            if user and login_user(user, remember="remember" in request.form):
                flash("welcome")
                return redirect(request.args.get("next") or url_for("home"))
            return "not you", 401
        return "login please: " + "; ".join(get_flashed_messages())

    @app.get("/")
    def home():
        return f"{current_user.is_authenticated} {current_user.get_id()} {get_flashed_messages()} fresh={session.get('_fresh')}"

    @app.get("/secret")
    @fresh_login_required
    def secret():
        return "very secret"

    @app.get("/again")
    def again():
        return "again: " + "; ".join(get_flashed_messages())

    @app.get("/stale")
    def stale():
        session["_fresh"] = False
        return "stale"

    @app.get("/confirm")
    def confirm():
        confirm_login()
        return "fresh"

    @app.get("/template")
    @login_required
    async def template():
        from flask import render_template_string

        return render_template_string("{{ current_user.id }} {{ current_user.is_active }}")

    @app.get("/forget-session")
    def forget_session():
        session.clear()
        return "only the remember cookie is left"

    @app.get("/logout")
    @login_required
    def logout():
        logout_user()
        return redirect(url_for("home"))

    @app.get("/log")
    def show_log():
        return "\n".join(log)

    return app
