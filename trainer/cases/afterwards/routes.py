"""Look back at a run: the debrief, one decision taken back, a note, a word to the authors."""

from collections.abc import Sequence
from dataclasses import replace

from flask import Blueprint, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue

from trainer.accounts.access import me, only, programmes_where
from trainer.accounts.words import Role
from trainer.authoring.markdown import inline
from trainer.cases.access import mine_to_look_back
from trainer.cases.afterwards import queries, services
from trainer.cases.afterwards.forms import CommentForm, NoteForm, comment_form_for
from trainer.cases.afterwards.pages import OwnNotesPage, SharedNotesPage, StoryPage, WhatIfPage, debrief_page, quoted
from trainer.cases.afterwards.story import story_of
from trainer.cases.afterwards.what_if import WhatIf
from trainer.cases.afterwards.what_if import what_if as rehearsed
from trainer.cases.pages import Offered
from trainer.cases.play.chart import chart_of, clock
from trainer.cases.play.engine import options
from trainer.cases.play.state import end_of
from trainer.cases.play.view import view
from trainer.cases.runs.run import Run, option_token
from trainer.clock import utc_now
from trainer.enrolment.queries import enrolment_for
from trainer.errors import Stale
from trainer.web import reading, settings, transaction
from trainer.web.pages import show

bp = Blueprint("debrief", __name__, url_prefix="/cases")


@bp.post("/runs/<run_id>/note")
@only(Role.TRAINEE)
def note(run_id: str) -> ResponseReturnValue:
    """Keep a note for myself, as a new version."""
    with reading() as session:
        run = mine_to_look_back(session, run_id)
        form = NoteForm()
        wrong = None if form.validate_on_submit() else debrief_page(session, run, note_form=form)
    if wrong:
        return show(wrong, 422)
    text, shared = form.note.data or "", form.shared.data
    try:
        with transaction() as session:
            services.keep_note(session, run_id=run.id, text=text, shared=shared, now=utc_now(), seen=form.known)
    except Stale as stale:
        form.note.errors = [str(stale)]
        with reading() as session:
            newer = queries.note_of(session, run_id=run_id)
            form.shows(newer.seq if newer else 0, anew=True)
            page = replace(debrief_page(session, run, note_form=form), newer=newer)
        return show(page, 409)
    flash("Your note is kept.", "note")
    return redirect(url_for("cases.show_debrief", run_id=run_id, _anchor="note"), code=303)


@bp.post("/runs/<run_id>/comments")
@only(Role.TRAINEE)
def comment(run_id: str) -> ResponseReturnValue:
    """Tell the authors something about a scene of this run."""
    with reading() as session:
        run = mine_to_look_back(session, run_id)
        form = comment_form_for(run, CommentForm())
        wrong = None if form.validate_on_submit() else debrief_page(session, run, comment_form=form)
    if wrong:
        return show(wrong, 422)
    scene = run.play.steps[int(form.scene.data)].scene
    with transaction() as session:
        services.send_comment(session, run_id=run.id, scene=scene, text=form.comment.data, now=utc_now())
    return redirect(url_for("cases.show_debrief", run_id=run_id, _anchor="authors"), code=303)


@bp.get("/runs/<run_id>/story")
@only(Role.TRAINEE)
def story(run_id: str) -> ResponseReturnValue:
    """Tell a practice run of mine from its beginning to its end, without marks: only what was met while playing."""
    with reading() as session:
        run = mine_to_look_back(session, run_id, all_of_it=False)
    page = StoryPage(
        enrolment_id=run.record.enrolment_id,
        case=run.case,
        run=run.record,
        story=story_of(run.case, run.play),
        ending=end_of(run.case, run.play.state),
    )
    return show(page)


@bp.get("/runs/<run_id>/what-if/<step>")
@only(Role.TRAINEE)
def what_if(run_id: str, step: str) -> ResponseReturnValue:
    """Take one decision back and play on from there; the address alone knows what was chosen since."""
    with reading() as session:
        run = mine_to_look_back(session, run_id)
    case, play = run.case, run.play
    number = int(step) if step.isascii() and step.isdigit() and len(step) <= len(str(len(play.steps))) else -1
    chosen = request.args.getlist("chosen")
    what = _rehearsal(run, number, chosen)
    taken = len(what.other)
    seen = view(case, what.play)
    page = WhatIfPage(
        enrolment_id=run.record.enrolment_id,
        case=case,
        run=run.record,
        what=what,
        view=seen,
        clock=clock(seen.minute),
        own_ending=end_of(case, play.state),
        other_ending=end_of(case, what.play.state),
        decision=quoted(case.scenes[play.steps[number].scene].title),
        chosen=chosen[:taken],
        offered=[Offered(token=_token(run, what, answer.id), text=inline(answer.text)) for answer in seen.answers],
        taken="" if taken else _token(run, what, play.steps[number].choice),
        own=chart_of(case, play, limits=case.limits) if seen.signs and what.other else None,
        other=chart_of(case, what.play, limits=case.limits) if seen.signs and what.other else None,
        stale=taken < len(chosen),
    )
    return show(page, 409 if page.stale else 200)


def _rehearsal(run: Run, number: int, tokens: Sequence[str]) -> WhatIf:
    """Follow the tokens as long as each is of a choice that is open."""
    case, play = run.case, run.play
    what, inputs = rehearsed(case, play, number, ()), tuple[str, ...]()
    for token in tokens:
        open_now = options(case, what.play.state)
        given = next((choice for choice in open_now if _token(run, what, choice) == token), None)
        if given is None:
            break
        inputs = (*inputs, given)
        what = rehearsed(case, play, number, inputs)
    return what


def _token(run: Run, what: WhatIf, choice_id: str) -> str:
    """Return a token that no run takes, and no other rehearsal."""
    of = f"{run.id} what if {what.step}"
    return option_token(settings().secret_key, run_id=of, step=len(what.other), choice_id=choice_id)


@bp.get("/notes/<enrolment_id>")
@only(Role.TRAINEE)
def own_notes(enrolment_id: str) -> ResponseReturnValue:
    """Show every note that I have written to myself after a case."""
    with reading() as session:
        enrolment = enrolment_for(session, person_id=me().id, enrolment_id=enrolment_id)
        page = OwnNotesPage(enrolment_id=enrolment.id, notes=queries.own_notes(session, enrolment=enrolment))
    return show(page)


@bp.get("/notes")
@only(Role.SUPERVISOR, Role.DIRECTOR)
def shared_notes() -> ResponseReturnValue:
    """Show the notes that trainees have shared with their supervisors."""
    programmes = programmes_where(Role.SUPERVISOR) | programmes_where(Role.DIRECTOR)
    with reading() as session:
        page = SharedNotesPage(notes=queries.shared_notes(session, programmes=programmes))
    return show(page)
