"""A small program for flask_script, as its documentation of the time has it."""

import sys

from flask import Flask, current_app
from flask_script import Command, Manager

app = Flask("someones_app")
manager = Manager(app)
said = []
codes = []


@manager.command
def hello(name="nobody"):
    said.append(name)


@manager.option("-n", "--number", dest="number", default=1)
def count(number):
    said.append(number)


class Named(Command):
    def run(self):
        said.append(current_app.name)


manager.add_command("named", Named())
for line in ("hello -n you", "count -n 5", "named"):
    sys.argv[1:] = line.split()
    try:
        manager.run()
    except SystemExit as left:
        codes.append(left.code)
assert not any(codes), codes
assert said == ["you", "5", "someones_app"], said
