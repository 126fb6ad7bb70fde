from datetime import timedelta

from flask import session, app

print(type(app), app.__name__, hasattr(app, "Flask"))
app.permanent_session_lifetime = timedelta(minutes=5)
print(app.permanent_session_lifetime)
session.permanent = True
