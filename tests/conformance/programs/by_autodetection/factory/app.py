from flask import Flask


def create_app():
    shop = Flask(__name__)

    @shop.route("/")
    def where():
        return "made by create_app"

    return shop
