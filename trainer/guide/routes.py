"""Short answers for everybody, and the end of the tour."""

from collections.abc import Sequence

from flask import Blueprint, flash, redirect
from flask.typing import ResponseReturnValue
from flask_login import current_user

from trainer.accounts.access import me, only, public
from trainer.accounts.contacts import Contact
from trainer.accounts.queries import people_to_ask
from trainer.accounts.words import Role
from trainer.clock import utc_now
from trainer.guide.pages import HelpPage
from trainer.guide.services import skip_tour
from trainer.web import reading, transaction
from trainer.web.addresses_above import PageAbove, address_above
from trainer.web.pages import show
from trainer.web.returning import page_before

bp = Blueprint("guide", __name__)


@bp.get("/help")
@public
def answers() -> ResponseReturnValue:
    """Answer what people in this role ask most."""
    asked: Sequence[Contact] = ()
    if current_user.is_authenticated:
        with reading() as session:
            asked = people_to_ask(session, person_id=me().id)
    return show(HelpPage(asked=asked))


@bp.post("/help/tour/skip")
@only(Role.TRAINEE)
def skip() -> ResponseReturnValue:
    """Show the tour never again."""
    with transaction() as session:
        skip_tour(session, person_id=me().id, now=utc_now())
    flash("The four steps are not shown again. They stand under Help, at the foot of every page.")
    return redirect(page_before() or address_above(PageAbove.HOME), code=303)
