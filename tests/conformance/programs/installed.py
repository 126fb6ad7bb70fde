import importlib.metadata

import flask
import werkzeug

print(importlib.metadata.version("flask").rpartition(".")[0])
print(sorted(name for name in dir(flask) if name[0] != "_" and not isinstance(getattr(flask, name), type(flask))))
print(flask.Flask.__name__, flask.Flask.__module__, flask.Request.__module__, flask.json.__name__)
