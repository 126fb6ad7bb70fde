"""A small program for flask_sqlalchemy, as its documentation of the time has it."""

from flask import Flask, jsonify
from flask_sqlalchemy import SQLAlchemy

app = Flask(__name__)
app.config["SQLALCHEMY_DATABASE_URI"] = "sqlite://"
app.config["SQLALCHEMY_TRACK_MODIFICATIONS"] = False
db = SQLAlchemy(app)


class User(db.Model):
    id = db.Column(db.Integer, primary_key=True)
    name = db.Column(db.String(80), unique=True)


db.create_all()
db.session.add(User(name="a"))
db.session.add(User(name="b"))
db.session.commit()


@app.before_first_request
def x():
    db.session.add(User(name="c"))
    db.session.commit()


@app.route("/")
def i():
    p = User.query.order_by(User.id).paginate(1, 2)
    return jsonify([u.name for u in p.items], p.total, User.query.filter_by(name="c").first_or_404().id)


@app.route("/no/<int:n>")
def n(n):
    return User.query.get_or_404(n).name


c = app.test_client()
assert c.get("/").json == [["a", "b"], 3, 3], c.get("/").text
assert c.get("/no/9").status_code == 404
