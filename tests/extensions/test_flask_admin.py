"""Flask-Admin: lists, forms, actions and exports of a model, views of one's own, files."""

from __future__ import annotations

from pathlib import Path

import pytest

from .asking import Ask, Case
from .harness import compare, needs

needs("Flask-Admin", "Flask-SQLAlchemy", "flask-babel")

BOSS = (("X-Boss", "1"),)

CASE = Case(
    program="admin_desk.py",
    secret="desk-secret",
    random=(
        r"(?<=name=\"csrf_token\" type=\"hidden\" value=\")[^\"]+",
        r"pet_\d{4}-\d\d-\d\d_\d\d-\d\d-\d\d",
        r"\d{4}-\d\d-\d\d \d\d:\d\d:\d\d",
    ),
    asks=(
        Ask("GET", "/"),
        Ask("GET", "/admin", 308),
        Ask("GET", "/admin/", holds=("Animals", "/out")),
        Ask("GET", "/admin/pet/", holds=("pet0", "pet2")),
        Ask("GET", "/admin/pet/?page=1&sort=1&desc=1", holds=("pet1",)),
        Ask("GET", "/admin/pet/?search=pet5", holds=("pet5",)),
        Ask("GET", "/admin/pet/?flt0_0=2", holds=("pet2",)),
        Ask("GET", "/admin/pet/new/", holds=("Legs",)),
        Ask("POST", "/admin/pet/new/", 302, form={"name": "Zoë's", "legs": "2", "tame": "y"}),
        Ask(
            "POST",
            "/admin/pet/new/",
            form={"name": "", "legs": "many"},
            holds=("This field is required", "Record was successfully created"),
        ),
        Ask("GET", "/admin/pet/?page=2"),
        Ask("GET", "/admin/pet/edit/?id=8", holds=("Zoë&#39;s",)),
        Ask("POST", "/admin/pet/edit/?id=8", 302, form={"name": "Z", "legs": "3", "_continue_editing": "1"}),
        Ask("GET", "/admin/pet/edit/?id=99", 302),
        Ask("POST", "/admin/pet/ajax/update/", form={"list_form_pk": "1", "name": "one"}),
        Ask("POST", "/admin/pet/action/", 302, form={"action": "tame", "rowid": "1"}),
        Ask("GET", "/admin/pet/details/?id=1", holds=("one",)),
        Ask("POST", "/admin/pet/delete/", 302, form={"id": "8"}),
        Ask("GET", "/admin/pet/export/csv/", holds=("one",)),
        Ask("GET", "/admin/stats/", 302),
        Ask("GET", "/admin/stats/", headers=BOSS, holds=("7 pets",)),
        Ask("POST", "/admin/stats/more/4", headers=BOSS, holds=("POST 4 stats.more stats",)),
        Ask("GET", "/admin/files/", 404),
        Ask("GET", "/admin/fileadmin/", holds=("note.txt",)),
        Ask("GET", "/admin/fileadmin/download/note.txt", holds=("a note",)),
        Ask("POST", "/admin/fileadmin/upload/", 302, form={}, files={"upload": ("new.txt", "new")}),
        Ask("GET", "/admin/fileadmin/download/new.txt", holds=("new",)),
        Ask("GET", "/admin/fileadmin/b/..%2F", 404),
        Ask("GET", "/admin/static/admin/css/bootstrap4/admin.css"),
        Ask(
            "GET",
            "/admin/static/admin/css/bootstrap4/admin.css",
            304,
            headers=(("If-Modified-Since", "Fri, 01 Jan 2100 00:00:00 GMT"),),
        ),
    ),
)


@pytest.mark.parametrize("door", ["client", "socket"])
def test_same_answers(door: str, tmp_path: Path) -> None:
    compare(CASE, door, tmp_path)
