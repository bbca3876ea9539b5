"""Hand out the colours and the logo of the school. Open to all."""

from flask import Blueprint, Response, abort

from trainer.accounts.access import public
from trainer.school.access import school

bp = Blueprint("school", __name__)


@bp.get("/school.css")
@public
def sheet() -> Response:
    """Hand out the colours that differ from the house's."""
    return Response(school().sheet, mimetype="text/css")


@bp.get("/school-logo")
@public
def logo() -> Response:
    """Hand out the logo; as a picture it runs no script, whatever is in it."""
    found = school().logo
    if found is None:
        abort(404)
    content, media_type = found
    return Response(content, mimetype=media_type, headers={"Content-Security-Policy": "default-src 'none'; sandbox"})
