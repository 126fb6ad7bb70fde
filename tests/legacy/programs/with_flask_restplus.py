"""A small program for flask_restplus, as its documentation of the time has it."""

from flask import Flask
from flask_restplus import Api, Resource, fields, reqparse

app = Flask(__name__)
api = Api(app, version="1", title="T")
m = api.model("M", {"id": fields.Integer, "t": fields.String(required=True)})
ns = api.namespace("todos")
p = reqparse.RequestParser()
p.add_argument("q", type=int, required=True)


@ns.route("/<int:id>")
class Todo(Resource):
    @ns.marshal_with(m)
    def get(self, id):
        return {"id": id, "t": "x", "z": 1}

    @ns.expect(m, validate=True)
    def put(self, id):
        return api.payload


@ns.route("/q")
class Q(Resource):
    def get(self):
        return p.parse_args()


c = app.test_client()
assert c.get("/todos/3").json == {"id": 3, "t": "x"}, c.get("/todos/3").text
assert c.put("/todos/3", json={"id": 1, "t": "k"}).json == {"id": 1, "t": "k"}
assert c.put("/todos/3", json={"id": 1}).status_code == 400
s = c.get("/swagger.json")
assert s.status_code == 200, s.text
assert "/todos/{id}" in s.json["paths"]
assert c.get("/").status_code == 200, c.get("/").text
assert c.get("/todos/99x").status_code == 404
app.config["FERROFLASK_ERA"] = "1.1"
assert c.get("/todos/q?q=4").json == {"q": 4}
assert c.get("/todos/q").status_code == 400
