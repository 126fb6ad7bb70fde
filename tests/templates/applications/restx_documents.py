"""An application with the page that flask-restx makes of its description."""

from pathlib import Path

from flask import Flask
from flask_restx import Api, Resource


def make_app(folder: Path) -> Flask:
    app = Flask("documents")
    app.config.update(SWAGGER_UI_DOC_EXPANSION="list", SWAGGER_UI_OAUTH_CLIENT_ID="<client>")
    api = Api(app, title="Things & <more>", doc="/doc/", version="2.0")

    @api.route("/things")
    class Things(Resource):
        def get(self):
            return ["thing"]

    return app
