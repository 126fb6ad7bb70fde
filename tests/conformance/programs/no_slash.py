from flask import Flask

app = Flask(__name__)


@app.route("goback/<int:year>")
def go_back(year):
    return "<p>never</p>"
