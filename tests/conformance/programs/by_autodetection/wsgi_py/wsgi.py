from flask import Flask

application = Flask(__name__)


@application.route("/")
def where():
    return "application in wsgi.py"
