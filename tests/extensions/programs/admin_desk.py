import os
from pathlib import Path

from flask import Flask, flash, redirect, request, url_for
from flask_admin import Admin, AdminIndexView, BaseView, expose
from flask_admin.actions import action
from flask_admin.contrib.fileadmin import FileAdmin
from flask_admin.contrib.sqla import ModelView
from flask_admin.menu import MenuLink
from flask_babel import Babel
from flask_sqlalchemy import SQLAlchemy

db = SQLAlchemy()


class Pet(db.Model):
    id = db.Column(db.Integer, primary_key=True)
    name = db.Column(db.String(50), nullable=False)
    legs = db.Column(db.Integer, default=4)
    tame = db.Column(db.Boolean, default=False)


class PetView(ModelView):
    column_searchable_list = ["name"]
    column_filters = ["legs", "tame"]
    column_editable_list = ["name"]
    can_view_details = True
    can_export = True
    page_size = 3

    @action("tame", "Tame", "Sure?")
    def action_tame(self, ids):
        for pet in Pet.query.filter(Pet.id.in_(ids)):
            pet.tame = True
        db.session.commit()
        flash(f"{len(ids)} tamed")


class Home(AdminIndexView):
    @expose("/")
    def index(self):
        return self.render("admin/index.html")


class Stats(BaseView):
    @expose("/")
    def index(self):
        return f"{Pet.query.count()} pets {url_for('stats.more', page=2)} {self.get_url('pet.index_view')}"

    @expose("/more/<int:page>", methods=["GET", "POST"])
    def more(self, page):
        return f"{request.method} {page} {request.endpoint} {request.blueprint}"

    def is_accessible(self):
        return "X-Boss" in request.headers

    def inaccessible_callback(self, name, **kwargs):
        return redirect("/login")


def make_app(folder: Path) -> Flask:
    app = Flask("desk", instance_path=str(folder))
    app.config.update(SECRET_KEY="desk-secret", SQLALCHEMY_DATABASE_URI="sqlite:///pets.db")
    Babel(app)
    db.init_app(app)
    with app.app_context():
        db.create_all()
        db.session.add_all([Pet(name=f"pet{number}", legs=number % 5) for number in range(7)])
        db.session.commit()
    (folder / "files").mkdir()
    (folder / "files" / "note.txt").write_text("a note")
    os.utime(folder / "files" / "note.txt", (1_700_000_000, 1_700_000_000))
    admin = Admin(app, name="Desk", index_view=Home())
    admin.add_view(PetView(Pet, db, category="Animals"))
    admin.add_view(Stats(name="Stats", endpoint="stats"))
    admin.add_view(FileAdmin(str(folder / "files"), name="Files"))
    admin.add_link(MenuLink(name="Out", url="/out"))

    @app.after_request
    def freeze(response):
        for file in (folder / "files").iterdir():
            os.utime(file, (1_700_000_000, 1_700_000_000))  # listings and ETags show it
        return response

    @app.get("/")
    def home():
        return url_for("admin.index") + " " + url_for("pet.edit_view", id=3)

    return app
