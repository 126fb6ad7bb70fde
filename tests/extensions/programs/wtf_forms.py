from pathlib import Path

from flask import Blueprint, Flask, jsonify, redirect, render_template_string
from flask_wtf import FlaskForm
from flask_wtf.csrf import CSRFError, CSRFProtect, generate_csrf
from flask_wtf.file import FileAllowed, FileField, FileRequired, MultipleFileField
from wtforms import EmailField, IntegerField, StringField
from wtforms.validators import DataRequired, Email, NumberRange

protect = CSRFProtect()
hooks = Blueprint("hooks", __name__, url_prefix="/hooks")


class Sign(FlaskForm):
    name = StringField("Name", validators=[DataRequired()])
    mail = EmailField("Mail", validators=[Email()])
    age = IntegerField("Age", validators=[NumberRange(min=18)])


class Upload(FlaskForm):
    paper = FileField(validators=[FileRequired(), FileAllowed(["txt"], "text only")])
    more = MultipleFileField()


@hooks.post("/ping")
def ping():
    return "pong"


def make_app(folder: Path) -> Flask:
    app = Flask("forms")
    app.secret_key = "forms-secret"
    protect.init_app(app)
    protect.exempt(hooks)
    app.register_blueprint(hooks)

    @app.route("/sign", methods=["GET", "POST"])
    def sign():
        form = Sign()
        if form.validate_on_submit():
            return redirect(f"/signed/{form.name.data}")
        page = "<form>{{ form.csrf_token }}{{ form.hidden_tag() }}{{ form.name }}{{ form.mail(class='m') }}{{ form.age }}</form>{{ form.errors|tojson }}"
        return render_template_string(page, form=form)

    @app.get("/signed/<name>")
    def signed(name):
        return name

    @app.post("/upload")
    def upload():
        form = Upload()
        if not form.validate_on_submit():
            return jsonify(form.errors), 400
        return jsonify(form.paper.data.filename, form.paper.data.read().decode(), form.paper.data.mimetype)

    @app.get("/token")
    def token():
        return jsonify(token=generate_csrf(), again=generate_csrf() == generate_csrf())

    @app.get("/template-token")
    def template_token():
        return render_template_string("<meta content='{{ csrf_token() }}'>")

    @app.post("/api")
    def api():
        return jsonify(done=True)

    @app.post("/free")
    @protect.exempt
    def free():
        return "free"

    @app.errorhandler(CSRFError)
    def refused(error):
        return f"refused: {error.description}", 400

    return app
