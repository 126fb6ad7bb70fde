import email
import email.policy
import socket
from pathlib import Path

from aiosmtpd.controller import Controller
from flask import Flask, jsonify, render_template_string, request
from flask_mail import Attachment, Mail, Message, email_dispatched


class Sink:
    def __init__(self):
        self.letters = []

    async def handle_DATA(self, server, session, envelope):
        self.letters.append((envelope.mail_from, list(envelope.rcpt_tos), envelope.content))
        return "250 taken"


def make_app(folder: Path) -> Flask:
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        port = one.getsockname()[1]
    sink = Sink()
    Controller(sink, hostname="127.0.0.1", port=port).start()

    app = Flask("mailing")
    app.config.update(
        MAIL_SERVER="127.0.0.1", MAIL_PORT=port, MAIL_DEFAULT_SENDER=("Shop", "shop@example.org"), MAIL_MAX_EMAILS=2
    )
    mail = Mail(app)
    seen = []

    @email_dispatched.connect_via(app)
    def note(sender, message):
        seen.append(message.subject)

    @app.post("/send")
    def send():
        letter = Message(request.form["subject"], recipients=request.form["to"].split(), reply_to="help@example.org")
        letter.body = "Hello Zoë, your order is on its way."
        letter.html = render_template_string("<p>Hello <b>{{ name }}</b></p>", name=request.form.get("name", "<you>"))
        if file := request.files.get("paper"):
            letter.attach(file.filename, file.content_type, file.read())
        mail.send(letter)
        return f"sent to {letter.send_to and len(letter.send_to)}"

    @app.post("/many")
    def many():
        with mail.connect() as connection:
            for name in request.form["to"].split():
                connection.send(
                    Message("news", recipients=[name], body="news", cc=["copy@example.org"], bcc=["hidden@example.org"])
                )
        return "all sent"

    @app.get("/recorded")
    def recorded():
        app.testing = mail.state.suppress = True
        with mail.record_messages() as outbox:
            mail.send_message(
                subject="kept",
                recipients=["a@example.org"],
                body="only in memory",
                attachments=[Attachment("a.txt", "text/plain", "abc")],
            )
        app.testing = mail.state.suppress = False
        return jsonify([(letter.subject, letter.body, letter.sender, len(letter.attachments)) for letter in outbox])

    @app.get("/bad")
    def bad():
        mail.send(Message("two\nlines", recipients=["a@example.org"], body="x"))

    @app.get("/arrived")
    def arrived():
        found = []
        for sender, receivers, content in sink.letters:
            letter = email.message_from_bytes(content, policy=email.policy.default)
            heads = {name: str(letter[name]) for name in ("Subject", "From", "To", "Cc", "Bcc", "Reply-To")}
            parts = [
                (part.get_content_type(), part.get_filename(), part.get_content())
                for part in letter.walk()
                if not part.is_multipart()
            ]
            found.append({"from": sender, "to": receivers, "heads": heads, "parts": parts})
        return jsonify(letters=found, seen=seen)

    return app
