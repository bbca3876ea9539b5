"""Go through the debrief of a practice run, moment by moment; one may stop, and go on another day."""

from flask import Blueprint, redirect, request, url_for
from flask.typing import ResponseReturnValue

from trainer.accounts.access import only
from trainer.accounts.words import Role
from trainer.cases.access import mine_to_look_back
from trainer.cases.forms import shown_token
from trainer.cases.runs.queries import walk_through
from trainer.cases.runs.services import go_through_moment
from trainer.cases.runs.walk import DebriefWalk
from trainer.cases.walk.pages import moment_page
from trainer.clock import utc_now
from trainer.errors import Missing
from trainer.web import reading, transaction
from trainer.web.pages import show

bp = Blueprint("walk", __name__, url_prefix="/cases")


@bp.get("/runs/<run_id>/debrief/<number>")
@only(Role.TRAINEE)
def moment(run_id: str, number: str) -> ResponseReturnValue:
    """Show one moment; one that has not come yet leads to the one that has."""
    with reading() as session:
        run = mine_to_look_back(session, run_id, all_of_it=False)
        walk = walk_through(session, run)
        wanted = _moment_in(walk, number)
        if not walk.shows(wanted):
            return redirect(url_for(".moment", run_id=run_id, number=walk.open_moment, _anchor="main"), code=303)
        page = moment_page(session, run, walk, wanted)
    return show(page)


@bp.post("/runs/<run_id>/debrief/<number>")
@only(Role.TRAINEE)
def go_on(run_id: str, number: str) -> ResponseReturnValue:
    """Leave a moment for the next one; after the last, all of the debrief is open. Whoever never saw it is shown it."""
    with transaction() as session:
        run = mine_to_look_back(session, run_id, all_of_it=False)
        left = _moment_in(walk_through(session, run), number)
        if request.form.get("shown") != shown_token(run, left):
            return redirect(url_for(".moment", run_id=run_id, number=left, _anchor="main"), code=303)
        walk = go_through_moment(session, run=run, number=left, now=utc_now())
    if left == walk.whole and walk.has_ended:
        return redirect(url_for("cases.show_debrief", run_id=run_id, _anchor="verdict"), code=303)
    onward = min(left + 1, walk.open_moment)
    return redirect(url_for(".moment", run_id=run_id, number=onward, _anchor="main"), code=303)


def _moment_in(walk: DebriefWalk, number: str) -> int:
    """Return the number of a moment that this debrief has."""
    for known in range(1, walk.whole + 1):
        if number == str(known):
            return known
    raise Missing("There is no such moment in this debrief.")
