"""An administrator erases a person at their request."""

import secrets
from datetime import datetime

from flask import Blueprint
from flask.typing import ResponseReturnValue

from trainer.accounts.access import me, only
from trainer.accounts.words import Role
from trainer.clock import utc_now
from trainer.erasure import services
from trainer.erasure.farewell import Farewell
from trainer.erasure.forms import ErasureForm
from trainer.erasure.pages import ErasedPage, ErasurePage
from trainer.erasure.queries import numbers_of, to_erase
from trainer.notices.mail import mail_server_of
from trainer.notices.outcome import Undelivered
from trainer.registry.log.queries import log_key
from trainer.web import reading, settings, transaction
from trainer.web.pages import show

bp = Blueprint("erasure", __name__)


@bp.route("/people/<person_id>/erasure", methods=["GET", "POST"])
@only(Role.ADMINISTRATOR)
def erasure(person_id: str) -> ResponseReturnValue:
    """Say what is deleted and what stays; delete it; say goodbye."""
    now = utc_now()
    with reading() as session:
        person = to_erase(session, person_id=person_id, administrator=me())
        numbers = numbers_of(session, person=person)
    form = ErasureForm(address=person.email)
    if not form.validate_on_submit():
        return show(ErasurePage(person=person, numbers=numbers, form=form), 422 if form.errors else 200)
    with transaction() as session:
        to_erase(session, person_id=person_id, administrator=me())
        log = log_key(session, instance=settings().instance, base_url=settings().base_url)
        farewell = services.erase_person(session, person_id=person_id, by=me().id, log=log, now=now)
    return show(ErasedPage(farewell=farewell, told=_told(farewell, now)))


def _told(farewell: Farewell, now: datetime) -> bool:
    """Send the last letter at once, as nothing of it may be kept; say whether it went out."""
    server = mail_server_of(settings())
    if server is None:
        return False
    try:
        server.send(farewell.letter(reference=secrets.token_hex(8), now=now))
    except Undelivered:
        return False
    return True
