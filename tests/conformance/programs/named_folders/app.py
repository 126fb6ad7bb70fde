import os

from flask import Flask, render_template, url_for

app = Flask("my-app", static_folder="path1", template_folder="path2")
print(type(Flask.__doc__))
print(app.name, app.root_path == os.getcwd(), app.static_url_path, app.template_folder)


@app.route("/")
def page():
    return render_template("page.html", word=url_for("static", filename="note.txt"))


app.run(port=int(os.environ["PORT"]))
