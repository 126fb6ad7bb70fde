"""A small program for flask_wtf, as its documentation of the time has it."""

import io
import re

from flask import Flask, render_template_string
from flask_wtf import CSRFProtect, FlaskForm, RecaptchaField
from flask_wtf.file import FileAllowed, FileField, FileRequired
from wtforms import StringField, TextField
from wtforms.validators import Email, Required

app = Flask(__name__)
app.secret_key = "k"
CSRFProtect(app)


class F(FlaskForm):
    name = StringField("n", validators=[Required()])
    mail = TextField("m", validators=[Email()])
    up = FileField(validators=[FileRequired(), FileAllowed(["txt"])])


@app.route("/", methods=["GET", "POST"])
def i():
    f = F()
    if f.validate_on_submit():
        return "valid " + f.name.data + f.up.data.filename
    return render_template_string("{{ f.hidden_tag() }}{{ f.name() }}{{ csrf_token() }}|{{ f.errors }}", f=f)


c = app.test_client()
t = re.search('value="([^"]+)"', c.get("/").text)[1]


def d(**k):
    return {"csrf_token": t, "name": "a", "mail": "a@example.com", "up": (io.BytesIO(b"x"), "x.txt"), **k}


r = c.post("/", data=d())
assert r.text == "valid ax.txt", r.text
assert "does not have" in c.post("/", data=d(up=(io.BytesIO(b"x"), "x.exe"))).text
assert c.post("/", data={"name": "a"}).status_code == 400
app.config["RECAPTCHA_PUBLIC_KEY"] = "x"
app.config["RECAPTCHA_PRIVATE_KEY"] = "x"


class G(FlaskForm):
    r = RecaptchaField()


with app.test_request_context():
    assert "recaptcha" in str(G().r())
