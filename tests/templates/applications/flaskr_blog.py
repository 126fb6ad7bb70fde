"""The blog of Flask's tutorial, from the folder that TEMPLATES_FLASKR names."""

import os
import sys
from pathlib import Path

from flask import Flask


def make_app(folder: Path) -> Flask:
    sys.path.insert(0, os.environ["TEMPLATES_FLASKR"])
    from flaskr import create_app
    from flaskr.db import init_db

    app = create_app({"TESTING": True, "SECRET_KEY": "blog-secret", "DATABASE": str(folder / "blog.sqlite")})
    with app.app_context():
        init_db()
    return app
