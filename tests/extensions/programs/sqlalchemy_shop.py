from pathlib import Path

from flask import Flask, abort, jsonify, request
from flask_sqlalchemy import SQLAlchemy
from flask_sqlalchemy.record_queries import get_recorded_queries
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column, relationship


class Base(DeclarativeBase):
    pass


db = SQLAlchemy(model_class=Base)


class Shelf(db.Model):
    id: Mapped[int] = mapped_column(primary_key=True)
    label: Mapped[str] = mapped_column(unique=True)
    things: Mapped[list["Thing"]] = relationship(back_populates="shelf", cascade="all, delete-orphan")


class Thing(db.Model):
    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str]
    shelf_id: Mapped[int] = mapped_column(db.ForeignKey("shelf.id"))
    shelf: Mapped[Shelf] = relationship(back_populates="things")


class Note(db.Model):
    __bind_key__ = "notes"
    id: Mapped[int] = mapped_column(primary_key=True)
    text: Mapped[str]


removed = []


def make_app(folder: Path) -> Flask:
    app = Flask("shop", instance_path=str(folder))
    app.config.update(
        SQLALCHEMY_DATABASE_URI="sqlite:///shop.db",
        SQLALCHEMY_BINDS={"notes": f"sqlite:///{folder}/notes.db"},
        SQLALCHEMY_RECORD_QUERIES=True,
    )
    db.init_app(app)
    with app.app_context():
        db.create_all()

    @app.teardown_appcontext
    def remember(error):
        removed.append(type(error).__name__)

    @app.post("/shelves")
    def add_shelf():
        shelf = Shelf(label=request.form["label"])
        db.session.add(shelf)
        try:
            db.session.commit()
        except IntegrityError:
            db.session.rollback()
            abort(409, "there is one already")
        return jsonify(id=shelf.id, label=shelf.label), 201

    @app.get("/shelves/<int:number>")
    def show_shelf(number):
        shelf = db.get_or_404(Shelf, number, description="no such shelf")
        return {"label": shelf.label, "things": [thing.name for thing in shelf.things]}

    @app.post("/shelves/<int:number>/things")
    def add_thing(number):
        shelf = db.get_or_404(Shelf, number)
        for name in request.form["names"].split():
            shelf.things.append(Thing(name=name))
        db.session.commit()
        return str(len(shelf.things))

    @app.get("/things")
    def list_things():
        pages = db.paginate(db.select(Thing).order_by(Thing.name), per_page=3)
        return jsonify(
            names=[thing.name for thing in pages],
            total=pages.total,
            pages=pages.pages,
            next=pages.next_num,
            row=list(pages.iter_pages()),
        )

    @app.get("/things/<name>")
    def one_thing(name):
        return str(db.one_or_404(db.select(Thing).filter_by(name=name)).id)

    @app.get("/first")
    def first():
        return db.first_or_404(db.select(Thing).where(Thing.name == request.args.get("name", ""))).name

    @app.get("/session")
    def one_session():
        inner = db.session()
        with app.app_context():
            other = db.session()
        return jsonify(same=db.session() is inner, nested=other is inner, queries=len(get_recorded_queries()))

    @app.get("/half-done")
    def half_done():
        db.session.add(Shelf(label="never there"))
        db.session.flush()
        raise RuntimeError("before the commit")

    @app.route("/notes", methods=["GET", "POST"])
    def notes():
        if request.method == "POST":
            db.session.add(Note(text=request.get_json()["text"]))
            db.session.commit()
        return jsonify([note.text for note in db.session.execute(db.select(Note)).scalars()])

    @app.get("/removed")
    def show_removed():
        return jsonify(removed)

    @app.delete("/shelves/<int:number>")
    def drop(number):
        db.session.delete(db.get_or_404(Shelf, number))
        db.session.commit()
        return "", 204

    return app
