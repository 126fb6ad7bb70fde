import not_there_at_all
from flask import Flask

app = Flask(__name__)
