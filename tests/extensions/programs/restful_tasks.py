from pathlib import Path

from flask import Blueprint, Flask, make_response
from flask_restful import Api, Resource, abort, fields, inputs, marshal_with, reqparse, url_for


class Teapot(Exception):
    pass


tasks = {"1": {"id": "1", "text": "build", "done": False}, "2": {"id": "2", "text": "tést", "done": True}}
parser = reqparse.RequestParser(bundle_errors=True)
parser.add_argument("text", required=True, help="say what to do")
parser.add_argument("done", type=inputs.boolean, default=False)
filled = reqparse.RequestParser()
filled.add_argument("text", location="json")
filled.add_argument("tags", action="append", location="json")
asked = reqparse.RequestParser()
asked.add_argument("limit", type=inputs.positive, location="args", default=10)
asked.add_argument("X-Who", location="headers", dest="who")
shape = {"id": fields.String, "text": fields.String, "uri": fields.Url("task", absolute=True), "done": fields.Boolean}


class Task(Resource):
    @marshal_with(shape)
    def get(self, id):
        if id not in tasks:
            abort(404, message=f"no task {id}")
        return tasks[id]

    def delete(self, id):
        tasks.pop(id, None)
        return "", 204, {"X-Left": str(len(tasks))}

    @marshal_with(shape)
    def put(self, id):
        found = parser.parse_args()
        tasks[id] = {"id": id, "text": found["text"], "done": found["done"]}
        return tasks[id], 201


class Tasks(Resource):
    def get(self):
        found = asked.parse_args()
        return {"who": found["who"], "tasks": list(tasks)[: found["limit"]]}

    def post(self):
        found = filled.parse_args(strict=True)
        return {"got": found}, 201


class Breaks(Resource):
    def get(self, how):
        if how == "teapot":
            raise Teapot()
        if how == "value":
            raise ValueError("nobody expects it")
        abort(403)


def shout(function):
    def wrapped(*args, **kwargs):
        return {"shouted": function(*args, **kwargs)}

    return wrapped


class Decorated(Resource):
    method_decorators = [shout]

    def get(self):
        return "hey"


def make_app(folder: Path) -> Flask:
    app = Flask("tasks")
    app.config["BUNDLE_ERRORS"] = True
    api = Api(app, errors={"Teapot": {"message": "short and stout", "status": 418}})
    api.add_resource(Task, "/tasks/<string:id>", endpoint="task")
    api.add_resource(Tasks, "/tasks", "/all-tasks")
    api.add_resource(Breaks, "/breaks/<how>")

    @api.representation("text/csv")
    def csv(data, code, headers=None):
        answer = make_response(";".join(map(str, data)), code)
        answer.headers.extend(headers or {})
        return answer

    page = Blueprint("v2", __name__, url_prefix="/v2")
    second = Api(page, prefix="/api", catch_all_404s=True)
    second.add_resource(Decorated, "/shout")
    app.register_blueprint(page)

    @app.get("/plain")
    def plain():
        return url_for_task()

    @app.get("/plain-broken")
    def plain_broken():
        raise KeyError("outside the api")

    def url_for_task():
        return url_for("task", id="1") + " " + api.url_for(Task, id="2")

    return app
