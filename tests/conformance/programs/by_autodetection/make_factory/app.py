from flask import Flask


def make_app(kind="plain", *, size=1):
    shop = Flask(__name__)

    @shop.route("/")
    def where():
        return f"made by make_app: {kind} {size}"

    return shop
