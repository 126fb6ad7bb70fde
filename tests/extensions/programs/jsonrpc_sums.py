from dataclasses import dataclass
from pathlib import Path

from flask import Flask
from flask_jsonrpc import JSONRPC, JSONRPCBlueprint


class Short(Exception):
    pass


@dataclass
class Pet:
    name: str
    legs: int


def make_app(folder: Path) -> Flask:
    app = Flask("sums")
    jsonrpc = JSONRPC(app, "/api", enable_web_browsable_api=True)
    part = JSONRPCBlueprint("part", __name__)

    @jsonrpc.method("App.index")
    def index() -> str:
        return "Welcome to Flask JSON-RPC"

    @jsonrpc.method("App.add")
    def add(a: int, b: int) -> int:
        return a + b

    @jsonrpc.method("App.greet")
    def greet(name: str = "you") -> str:
        return f"Hello {name}"

    @jsonrpc.method("App.silent")
    def silent(text: str) -> None:
        app.config["HEARD"] = text

    @jsonrpc.method("App.heard")
    def heard() -> str:
        return app.config.get("HEARD", "")

    @jsonrpc.method("App.fails")
    def fails(text: str) -> str:
        raise ValueError(text)

    @jsonrpc.method("App.short")
    def short() -> str:
        raise Short("too short")

    @jsonrpc.errorhandler(Short)
    def on_short(error: Short) -> dict:
        return {"message": str(error), "code": "7"}

    @jsonrpc.method("App.walk")
    def walk(pet: Pet) -> Pet:
        return Pet(pet.name.upper(), pet.legs + 1)

    @jsonrpc.method("App.later")
    async def later(text: str) -> str:
        return text[::-1]

    @part.method("Part.twice")
    def twice(number: float) -> float:
        return number * 2

    jsonrpc.register_blueprint(app, part, url_prefix="/part", enable_web_browsable_api=True)
    return app
