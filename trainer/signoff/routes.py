"""What a reviewer has to read before signing: the texts, and exactly what changed since the last signature."""

from collections import Counter

from flask import Blueprint, request
from flask.typing import ResponseReturnValue

from trainer.accounts.access import only
from trainer.accounts.words import Role
from trainer.curriculum.words import ReviewKind
from trainer.enrolment.queries import newest_release
from trainer.errors import Missing
from trainer.signoff.pages import EVERY, WAITING, SignOffPage, TextPage
from trainer.signoff.queries import compared_with_signed, signatures
from trainer.signoff.standing import SignedState, TextStanding, text_standings
from trainer.signoff.texts import signable_texts
from trainer.web import reading
from trainer.web.pages import show

bp = Blueprint("signoff", __name__, url_prefix="/sign-off")


@bp.get("/")
@only(Role.SUPERVISOR, Role.DIRECTOR, Role.ADMINISTRATOR)
def texts() -> ResponseReturnValue:
    """Show the texts of the newest release that wait for a reviewer; all of them, or by state, if wanted."""
    with reading() as session:
        release = newest_release(session)
        there = text_standings(signable_texts(release), signatures(session)).values()
        found = [compared_with_signed(session, standing, release)[0] for standing in there]
    asked = request.args.get("show", "")
    state = next((state for state in SignedState if state.name.lower() == asked), None)
    shown = state or (EVERY if asked == EVERY else WAITING)
    places: dict[str, list[TextStanding]] = {}
    for standing in found:
        if shown in (EVERY, standing.state) or (shown == WAITING and standing.waiting):
            head = "Cases" if standing.text.kind is ReviewKind.CASE else standing.text.place
            places.setdefault(head, []).append(standing)
    counts = Counter(standing.state for standing in found)
    waiting = sum(standing.waiting for standing in found)
    return show(SignOffPage(release=release.hash, shown=shown, waiting=waiting, counts=counts, places=places))


@bp.get("/<kind>/<path:text_id>")
@only(Role.SUPERVISOR, Role.DIRECTOR, Role.ADMINISTRATOR)
def text(kind: str, text_id: str) -> ResponseReturnValue:
    """Show one text, and what changed since it was signed last."""
    if kind not in list(ReviewKind):
        raise Missing("There is no such text.")
    with reading() as session:
        release = newest_release(session)
        there = text_standings(signable_texts(release), signatures(session)).get((ReviewKind(kind), text_id))
        if there is None:
            raise Missing("The newest release has no such text.")
        standing, changes = compared_with_signed(session, there, release)
    return show(TextPage(release=release.hash, standing=standing, changes=changes))
