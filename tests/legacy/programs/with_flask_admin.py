"""A small program for flask_admin, as its documentation of the time has it."""

import tempfile

from flask import Flask
from flask_admin import Admin, BaseView, expose
from flask_admin.contrib.fileadmin import FileAdmin
from flask_admin.contrib.sqla import ModelView
from flask_sqlalchemy import SQLAlchemy

app = Flask(__name__)
app.secret_key = "k"
app.config["SQLALCHEMY_DATABASE_URI"] = "sqlite://"
app.config["SQLALCHEMY_TRACK_MODIFICATIONS"] = False
db = SQLAlchemy(app)


class P(db.Model):
    id = db.Column(db.Integer, primary_key=True)
    name = db.Column(db.String(20))


db.create_all()


class V(BaseView):
    @expose("/")
    def index(self):
        return "mine"


class PV(ModelView):
    column_filters = ("name",)
    column_searchable_list = ("name",)


admin = Admin(app, name="A", template_mode="bootstrap3")
admin.add_view(PV(P, db.session))
admin.add_view(V(name="v", endpoint="v"))
admin.add_view(FileAdmin(tempfile.mkdtemp(), "/s/", name="files"))
c = app.test_client()
for u in (
    "/admin/",
    "/admin/p/",
    "/admin/p/new/",
    "/admin/v/",
    "/admin/fileadmin/",
    "/admin/p/?search=a&flt0_0=x&flt1_1=a",
):
    r = c.get(u)
    assert r.status_code == 200, r.text[-900:]
r = c.post("/admin/p/new/", data={"name": "zz"})
assert r.status_code == 302, r.text[-500:]
assert "zz" in c.get("/admin/p/").text
r = c.get("/admin/p/edit/?id=1")
assert r.status_code == 200
r = c.post("/admin/p/delete/", data={"id": "1"})
assert r.status_code == 302
assert "zz" not in c.get("/admin/p/").text
c.post("/admin/p/new/", data={"name": "abc"})
c.post("/admin/p/new/", data={"name": "xyz"})
h = c.get("/admin/p/?flt1_0=abc").text
assert "abc" in h
assert "xyz" not in h
