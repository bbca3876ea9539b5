"""Pause a run, find help, and go on."""

from flask import Blueprint, redirect, request, url_for
from flask.typing import ResponseReturnValue

from trainer.accounts.access import me, only
from trainer.accounts.queries import people_to_ask
from trainer.accounts.words import Role
from trainer.cases.access import mine
from trainer.cases.forms import sent_in
from trainer.cases.pacing import services
from trainer.cases.pacing.pages import PausePage
from trainer.cases.runs.timing import limit_of
from trainer.clock import utc_now
from trainer.enrolment.queries import enrolment_for
from trainer.web import reading, transaction
from trainer.web.pages import show

bp = Blueprint("pacing", __name__, url_prefix="/cases")


@bp.get("/runs/<run_id>/pause")
@only(Role.TRAINEE)
def paused(run_id: str) -> ResponseReturnValue:
    """Say what the clock does meanwhile, and where help is."""
    return _paused(run_id)


def _paused(run_id: str, unkept: str = "") -> ResponseReturnValue:
    now = utc_now()
    with reading() as session:
        run = mine(session, run_id)
        enrolment = enrolment_for(session, person_id=me().id, enrolment_id=run.record.enrolment_id)
        people = people_to_ask(session, person_id=me().id, programme=enrolment.programme)
    if not run.is_paused:
        return redirect(url_for("cases.play", run_id=run_id), code=303)
    return show(
        PausePage(
            enrolment_id=run.record.enrolment_id,
            title=run.case.title,
            run=run.record,
            content_note=run.case.note,
            people=people,
            timed=limit_of(run.record, run.limits[-1]) is not None,
            clock=run.standstill(now),
            draft=run.transcript.draft,
            held="held" in request.args,
            unkept=unkept,
        )
    )


@bp.post("/runs/<run_id>/pause")
@only(Role.TRAINEE)
def pause(run_id: str) -> ResponseReturnValue:
    """Stop the clock; a second click finds it stopped."""
    with transaction() as session:
        run = mine(session, run_id, to_play=True)
        sent = sent_in(run)
        if not run.has_ended:
            services.pause(session, run=run, draft=sent.draft, now=utc_now())
    if sent.unkept and not run.has_ended:
        return _paused(run_id, sent.unkept)
    return redirect(url_for(".paused", run_id=run_id), code=303)


@bp.post("/runs/<run_id>/resumption")
@only(Role.TRAINEE)
def resume(run_id: str) -> ResponseReturnValue:
    """Go on where the pause began; a second click finds it gone on."""
    with transaction() as session:
        services.go_on(session, run=mine(session, run_id, to_play=True), now=utc_now())
    return redirect(url_for("cases.play", run_id=run_id, _anchor="scene"), code=303)
