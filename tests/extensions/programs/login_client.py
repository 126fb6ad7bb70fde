from flask import Flask, session
from flask_login import FlaskLoginClient, LoginManager, UserMixin, current_user, login_required

app = Flask("me")
app.secret_key = "me-secret"
app.test_client_class = FlaskLoginClient
manager = LoginManager(app)
manager.login_view = "login"
manager.session_protection = None  # such a session has no identifier, and would be called stale


class User(UserMixin):
    id = "ada"


@manager.user_loader
def load(name):
    return User()


@app.get("/login")
def login():
    return "login"


@app.get("/me")
@login_required
def me():
    return f"{current_user.id} {session['_fresh']}"


with app.test_client(user=User()) as client:
    answer = client.get("/me")
    print(answer.status_code, answer.text)
answer = app.test_client().get("/me")
print(answer.status_code, answer.location)
answer = app.test_client(user=User(), fresh_login=False).get("/me")
print(answer.status_code, answer.text)
