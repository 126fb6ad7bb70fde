from pathlib import Path

from flask import Flask, jsonify, request
from flask_marshmallow import Marshmallow
from flask_marshmallow.fields import File
from flask_marshmallow.validate import FileSize, FileType
from flask_sqlalchemy import SQLAlchemy
from marshmallow import ValidationError, fields

db = SQLAlchemy()
ma = Marshmallow()


class Author(db.Model):
    id = db.Column(db.Integer, primary_key=True)
    name = db.Column(db.String(255), nullable=False)


class Book(db.Model):
    id = db.Column(db.Integer, primary_key=True)
    title = db.Column(db.String(255))
    author_id = db.Column(db.Integer, db.ForeignKey("author.id"))
    author = db.relationship("Author", backref="books")


class AuthorSchema(ma.SQLAlchemyAutoSchema):
    class Meta:
        model = Author
        load_instance = True
        sqla_session = db.session

    books = fields.List(ma.HyperlinkRelated("book"))
    links = ma.Hyperlinks({"self": ma.URLFor("author", values={"number": "<id>"}), "all": ma.AbsoluteURLFor("authors")})


class BookSchema(ma.SQLAlchemyAutoSchema):
    class Meta:
        model = Book
        include_fk = True

    author = ma.HyperlinkRelated("author", "number")


class Paper(ma.Schema):
    paper = File(required=True, validate=[FileType([".txt"]), FileSize(max="20 B")])


def make_app(folder: Path) -> Flask:
    app = Flask("authors", instance_path=str(folder))
    app.config["SQLALCHEMY_DATABASE_URI"] = "sqlite:///books.db"
    db.init_app(app)
    ma.init_app(app)
    with app.app_context():
        db.create_all()
        ada = Author(name="Ada")
        db.session.add_all([ada, Author(name="Zoë"), Book(title="Notes", author=ada), Book(title="More", author=ada)])
        db.session.commit()

    @app.get("/authors")
    def authors():
        return AuthorSchema(many=True).jsonify(Author.query.order_by(Author.id).all(), many=True)

    @app.get("/authors/<int:number>")
    def author(number):
        return AuthorSchema().dump(db.get_or_404(Author, number))

    @app.post("/authors")
    def add():
        try:
            found = AuthorSchema(exclude=["books"]).load(request.get_json())
        except ValidationError as error:
            return jsonify(error.messages), 422
        db.session.add(found)
        db.session.commit()
        return AuthorSchema().jsonify(found), 201

    @app.get("/books/<id>")
    def book(id):
        return BookSchema().jsonify(db.session.get(Book, id))

    @app.post("/paper")
    def paper():
        try:
            return Paper().load(request.files.to_dict())["paper"].read()
        except ValidationError as error:
            return jsonify(error.messages), 422

    return app
