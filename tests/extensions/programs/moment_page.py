from datetime import datetime, timezone
from pathlib import Path

from flask import Flask, jsonify, render_template_string
from flask_moment import Moment, moment as moment_class

WHEN = datetime(2026, 2, 3, 16, 5, 6, tzinfo=timezone.utc)
PAGE = """<html><head>{{ moment.include_moment() }}{{ moment.locale("es") }}{{ moment.lang("fr") }}</head><body>
{{ moment(when).format("LLL") }} {{ moment(when).fromNow(refresh=True) }} {{ moment(when, local=True).calendar() }}
{{ moment(when).diff(other, "days") }} {{ moment(when).unix() }} {{ moment(when).toTime() if 0 else "" }}
{{ moment.flask_moment_js() }}</body></html>"""


def make_app(folder: Path) -> Flask:
    app = Flask("page")
    app.config["MOMENT_DEFAULT_FORMAT"] = "D MMM YYYY"
    moment = Moment()
    moment.init_app(app)

    @app.get("/")
    def page():
        return render_template_string(PAGE, when=WHEN, other=datetime(2026, 1, 1))

    @app.get("/parts")
    def parts():
        return jsonify(str(moment.create(WHEN).format()), moment.create(WHEN).timestamp == WHEN, moment_class.__name__)

    @app.get("/local")
    def local():
        return render_template_string(
            "{{ moment.include_moment(local_js='/static/moment.js') }}{{ moment.include_moment(version='2.18.1', sri='sha-x') }}"
        )

    return app
