"""Show every part of a page with its states: in development only, for whoever builds pages."""

from flask import Blueprint, abort
from flask.typing import ResponseReturnValue

from trainer.accounts.access import public
from trainer.styleguide.pages import SpecimenForm, StyleguidePage
from trainer.web import settings
from trainer.web.pages import show

bp = Blueprint("styleguide", __name__)


@bp.get("/styleguide")
@public
def parts() -> ResponseReturnValue:
    """Show all parts; where people work, which is behind HTTPS, there is no such page."""
    if settings().secure_cookies:
        abort(404)
    form = SpecimenForm(data={"name": "Someone Else"}, meta={"csrf": False})  # nobody sends it
    form.validate()
    return show(StyleguidePage(form=form))
