from flask import Flask
from drawing import drawing

app = Flask(__name__)
app.register_blueprint(drawing)
