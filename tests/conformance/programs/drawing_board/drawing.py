from flask import Blueprint

bp = Blueprint("drawing", __name__, url_prefix="/drawing")


@bp.route("/add_mark", methods=["get", "post"])
def add_mark():
    return "水印已加"


@bp.route("/join_pictures")
def join_pictures():
    return "两图合一"
