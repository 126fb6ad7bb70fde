"""Run by the `flask` command, not by the harness's child: its table grows when GROWN is set."""

import os

from flask import Flask
from flask_migrate import Migrate
from flask_sqlalchemy import SQLAlchemy

app = Flask("migrating", instance_path=os.getcwd())
app.config["SQLALCHEMY_DATABASE_URI"] = f"sqlite:///{os.getcwd()}/app.db"
db = SQLAlchemy(app)
migrate = Migrate(app, db)


class Person(db.Model):
    id = db.Column(db.Integer, primary_key=True)
    name = db.Column(db.String(80), nullable=False)
    if os.environ.get("GROWN"):
        mail = db.Column(db.String(120), index=True)


@app.cli.command("add")
def add():
    db.session.add(Person(name="Ada"))
    db.session.commit()
    print([person.name for person in db.session.query(Person)])
