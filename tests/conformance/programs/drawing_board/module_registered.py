from flask import Flask

import drawing

app = Flask(__name__)
app.register_blueprint(drawing)
