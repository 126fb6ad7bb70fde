"""The applications whose templates are rendered, with the requests that get their pages. Pure data.

Those of tests/extensions are used as they are; what is installed decides which can be tried.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from ..extensions.asking import Ask, Case

HERE = Path(__file__).parent
EXTENSION_PROGRAMS = HERE.parent / "extensions" / "programs"


@dataclass(frozen=True)
class Application:
    """A program, what it needs, and at least how many templates it has."""

    name: str
    program: Path
    needs: tuple[str, ...]
    templates: int
    #: Requests that are compared; those of tests/extensions are there already.
    asks: tuple[Ask, ...] = ()
    random: tuple[str, ...] = ()
    #: More environment variables for the program.
    variables: Mapping[str, str] = field(default_factory=dict)

    @property
    def case(self) -> Case:
        return Case(program=str(self.program), asks=self.asks, random=self.random)


ADA = {"email": "ada@example.com", "password": "correct horse"}
FORMS = tuple(
    ask
    for kind in ("basic", "inline", "horizontal")
    for ask in (
        Ask("GET", f"/form/{kind}", holds=("Street &lt;1&gt;",)),
        Ask("POST", f"/form/{kind}", form={"name": "far <too> long"}, holds=("far &lt;too&gt; long",)),
    )
)
BOOTSTRAP = (
    Ask("GET", "/", holds=("a danger &lt;message&gt;", "&lt;Home&gt;")),
    *FORMS,
    Ask("GET", "/table", holds=("&lt;Name&gt;", "/rows/2")),
)

APPLICATIONS = (
    Application(
        name="flask-admin",
        program=EXTENSION_PROGRAMS / "admin_desk.py",
        needs=("Flask-Admin", "Flask-SQLAlchemy", "flask-babel"),
        templates=24,
        asks=(
            Ask("GET", "/admin/", holds=("Animals",)),
            Ask("GET", "/admin/pet/?page=1&sort=1&desc=1", holds=("pet1",)),
            Ask("GET", "/admin/pet/?flt0_0=2&search=pet", holds=("pet2",)),
            Ask("GET", "/admin/pet/new/", holds=("Legs",)),
            Ask("POST", "/admin/pet/new/", form={"name": "", "legs": "<many>"}, holds=("This field is required",)),
            Ask("GET", "/admin/pet/details/?id=1", holds=("pet0",)),
            Ask("GET", "/admin/pet/edit/?id=2", holds=("pet1",)),
            Ask("GET", "/admin/fileadmin/", holds=("note.txt",)),
            Ask("GET", "/admin/fileadmin/upload/"),
            Ask("GET", "/admin/fileadmin/rename/?path=note.txt"),
        ),
        random=(
            r"(?<=name=\"csrf_token\" type=\"hidden\" value=\")[^\"]+",
            r"(?<=value=\")[0-9]{14}##[0-9a-f]+",
            r"\d{4}-\d\d-\d\d \d\d:\d\d:\d\d",
        ),
    ),
    Application(
        name="flask-security",
        program=HERE / "applications" / "security_rooms.py",
        needs=("Flask-Security", "Flask-SQLAlchemy"),
        templates=40,
        asks=(
            Ask("GET", "/login", holds=("Login",)),
            Ask(
                "POST", "/login", form={"email": "ada@example.com", "password": "<wrong>"}, holds=("Invalid password",)
            ),
            Ask("POST", "/login", form={"email": "<nobody>"}, holds=("&lt;nobody&gt;",)),
            Ask("GET", "/register", holds=("Register",)),
            Ask(
                "POST",
                "/register",
                form={"email": "<x>", "password": "1", "password_confirm": "2"},
                holds=("&lt;x&gt;",),
            ),
            Ask("GET", "/reset", holds=("Password",)),
            Ask("POST", "/reset", form={"email": "<nobody>"}, holds=("&lt;nobody&gt;",)),
            Ask("POST", "/login", 302, form=ADA),
            Ask("GET", "/", holds=("<home>",)),
            Ask("GET", "/change", holds=("Change",)),
            Ask("POST", "/change", form={"password": "no", "new_password": "a", "new_password_confirm": "b"}),
            Ask("POST", "/logout", 302),
        ),
        random=(r"session=[^;]+", r"(?<=csrf_token\" type=\"hidden\" value=\")[^\"]+"),
    ),
    *(
        Application(
            name=f"bootstrap-flask-{version}",
            program=HERE / "applications" / "bootstrap_macros.py",
            needs=("Bootstrap-Flask", "Flask-WTF"),
            templates=18,
            asks=BOOTSTRAP,
            random=(r"(?<=name=\"csrf_token\" value=\")[^\"]+", r"session=[^;]+"),
            variables={"TEMPLATES_BOOTSTRAP": version},
        )
        for version in ("4", "5")
    ),
    Application(
        name="flask-restx",
        program=HERE / "applications" / "restx_documents.py",
        needs=("flask-restx",),
        templates=3,
        asks=(Ask("GET", "/doc/", holds=("Things &amp; &lt;more&gt;", "swagger")),),
    ),
    Application(
        name="flask-bootstrap",
        program=EXTENSION_PROGRAMS / "bootstrap_page.py",
        needs=("Flask-Bootstrap", "Flask-WTF"),
        templates=5,
        asks=(
            Ask("GET", "/", holds=("&lt;Ada&gt;",)),
            Ask("GET", "/resource", holds=("bootstrap.min.css",)),
            Ask("GET", "/form", holds=("form-group",)),
            Ask("POST", "/form", 422, form={"name": "far too long"}, holds=("has-error",)),
        ),
    ),
    Application(
        name="flaskr",
        program=HERE / "applications" / "flaskr_blog.py",
        needs=("Flask",),
        templates=6,
        asks=(
            Ask("GET", "/", holds=("Log In",)),
            Ask("GET", "/auth/register", holds=("Register",)),
            Ask("POST", "/auth/register", form={"username": "", "password": ""}, holds=("Username is required",)),
            Ask("POST", "/auth/register", 302, form={"username": "<ada>", "password": "word"}),
            Ask("POST", "/auth/login", form={"username": "<ada>", "password": "x"}, holds=("Incorrect password",)),
            Ask("POST", "/auth/login", 302, form={"username": "<ada>", "password": "word"}),
            Ask("GET", "/create", holds=("New Post",)),
            Ask("POST", "/create", form={"title": "", "body": "<b>"}, holds=("Title is required",)),
            Ask("POST", "/create", 302, form={"title": "A <title>", "body": "a\n<b>body</b>"}),
            Ask("GET", "/", holds=("A &lt;title&gt;", "by &lt;ada&gt;")),
            Ask("GET", "/1/update", holds=("A &lt;title&gt;",)),
            Ask("POST", "/1/update", 302, form={"title": "Ü", "body": ""}),
            Ask("GET", "/", holds=("Ü",)),
            Ask("GET", "/9/update", 404),
        ),
        random=(re.escape("on ") + r"\d{4}-\d\d-\d\d", r"session=[^;]+"),
    ),
)
