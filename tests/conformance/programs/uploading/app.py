import os

from flask import Flask, request
from werkzeug.utils import secure_filename

app = Flask(__name__)
app.config["UPLOAD_FOLDER"] = "static/uploads/"
app.config["ALLOWED_EXTENSIONS"] = set(["png", "jpg", "jpeg", "gif"])
app.config["MAX_CONTENT_LENGTH"] = 700 * 1024


def allowed(filename):
    return "." in filename and filename.rsplit(".", 1)[1] in app.config["ALLOWED_EXTENSIONS"]


@app.route("/upload", methods=["POST"])
def upload():
    picture = request.files["picture"]
    if picture and allowed(picture.filename):
        filename = secure_filename(picture.filename)
        picture.save(os.path.join(app.root_path, app.config["UPLOAD_FOLDER"], filename))
        return "caption is " + request.form.get("caption", "") + ". saved as " + filename
    return "refused"


@app.route("/peek", methods=["POST"])
def peek():
    picture = request.files["picture"]
    return str(len(picture.stream.read())) + " bytes of " + picture.content_type


if __name__ == "__main__":
    app.run(port=int(os.environ["PORT"]))
