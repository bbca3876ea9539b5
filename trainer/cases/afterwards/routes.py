"""Look back at a run: the debrief, one decision taken back, a note, a word to the authors."""

import json
from collections.abc import Sequence
from dataclasses import replace

from flask import Blueprint, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from trainer.accounts.access import me, only, programmes_where
from trainer.accounts.models import Role
from trainer.authoring.markdown import inline, plain
from trainer.cases.access import mine_and_open
from trainer.cases.afterwards import services
from trainer.cases.afterwards.debrief import debrief
from trainer.cases.afterwards.forms import CommentForm, NoteForm
from trainer.cases.afterwards.map import map_of
from trainer.cases.afterwards.next_steps import what_next
from trainer.cases.afterwards.pages import DebriefPage, OwnNotesPage, SharedNotesPage, WhatIfPage, quoted
from trainer.cases.afterwards.what_if import WhatIf, decisions
from trainer.cases.afterwards.what_if import what_if as rehearsed
from trainer.cases.catalogue import cases_of
from trainer.cases.pages import Offered
from trainer.cases.play.chart import chart_of, clock
from trainer.cases.play.engine import Play, expert_play, options
from trainer.cases.play.score import score
from trainer.cases.play.view import view
from trainer.cases.runs import services as runs
from trainer.cases.runs.models import CaseEnding, CaseEvent, CaseNote, CaseRun, EventKind, Purpose
from trainer.cases.runs.tokens import option_token
from trainer.cases.script.values import Case
from trainer.clock import utc_now
from trainer.curriculum.course import course_of
from trainer.enrolment.queries import enrolment_for, release_with
from trainer.errors import Missing, Stale
from trainer.web import Session, reading, settings, transaction
from trainer.web.pages import show

bp = Blueprint("debrief", __name__, url_prefix="/cases")

Looked = tuple[CaseRun, Case, Sequence[CaseEvent], Play]
"""A run, its case as it was when the run began, what happened, and the play that makes."""


def _looked_back(session: Session, run_id: str) -> Looked:
    """Return my practice run that has come to its debrief; after an examination nothing is played or written."""
    run, case, events, play = mine_and_open(session, run_id)
    said = any(event.kind is EventKind.REACTION for event in events)
    if run.purpose is not Purpose.PRACTICE or not play.state.ending or not said:
        raise Missing(_("There is no debrief of that run."))
    return run, case, events, play


def page_of(
    session: Session, looked: Looked, note_form: NoteForm | None = None, comment_form: CommentForm | None = None
) -> DebriefPage:
    """Make the debrief of a run that has ended and whose first words were said."""
    run, case, events, play = looked
    release = release_with(session, run.release_hash)
    kept = json.loads(next(event.value for event in events if event.kind is EventKind.REACTION))
    result = score(case, play)
    practice = run.purpose is Purpose.PRACTICE
    mastery = services.mastery_of(session, enrolment_id=run.enrolment_id, case=case)
    whole = practice and mastery.met
    passed = services.passed_cases(session, enrolment_id=run.enrolment_id)
    titles = {slug: one.title for slug, one in cases_of(release).items() if slug != case.slug}
    note = services.note_of(session, run_id=run.id)
    return DebriefPage(
        enrolment_id=run.enrolment_id,
        case=case,
        run=run,
        practice=practice,
        first=session.get_one(CaseEnding, run.id),
        later=services.later_scores(session, run_ids=[run.id]).get(run.id, ()),
        debrief=debrief(case, play, result, whole=whole),
        chart=chart_of(case, play, with_limits=True) if any(one.vitals for one in case.chapters) else None,
        map=map_of(case, play, expert_play(case, run.variant, run.seed), whole=whole),
        course=course_of(release),
        reaction=kept["words"],
        felt=kept["felt"],
        reasons=runs.reasons_of(events),
        decisions=decisions(case, play) if practice else (),
        mastery=mastery,
        nexts=what_next(case, play, result, mastery, [slug for slug in titles if slug not in passed]),
        titles=titles,
        note_form=note_form or _note_form(note),
        comment_form=comment_form or _comment_form(case, play, asked=False),
        comments=[
            (quoted(case.scenes[one.scene].title), one.text) for one in services.comments_of(session, run_id=run.id)
        ],
    )


def _note_form(note: CaseNote | None) -> NoteForm:
    form = NoteForm(formdata=None, note=note.text if note else "", shared=note and note.shared)
    return form.shows(note.seq if note else 0, anew=True)


def _comment_form(case: Case, play: Play, *, asked: bool) -> CommentForm:
    form = CommentForm() if asked else CommentForm(formdata=None)
    first = {one.scene: number for number, one in reversed(list(enumerate(play.steps)))}
    form.scene.choices = [(str(number), plain(case.scenes[scene].title)) for scene, number in reversed(first.items())]
    return form


@bp.post("/runs/<run_id>/note")
@only(Role.TRAINEE)
def note(run_id: str) -> ResponseReturnValue:
    """Keep a note for myself, as a new version."""
    with reading() as session:
        looked = _looked_back(session, run_id)
        form = NoteForm()
        wrong = None if form.validate_on_submit() else page_of(session, looked, note_form=form)
    if wrong:
        return show(wrong, 422)
    text, shared = form.note.data or "", form.shared.data
    try:
        with transaction() as session:
            services.keep_note(session, run=looked[0], text=text, shared=shared, now=utc_now(), seen=form.known)
    except Stale as stale:
        form.note.errors = [str(stale)]
        with reading() as session:
            newer = services.note_of(session, run_id=run_id)
            form.shows(newer.seq if newer else 0, anew=True)
            page = replace(page_of(session, looked, note_form=form), newer=newer)
        return show(page, 409)
    flash(_("Your note is kept."), "note")
    return redirect(url_for("cases.show_debrief", run_id=run_id, _anchor="note"), code=303)


@bp.post("/runs/<run_id>/comments")
@only(Role.TRAINEE)
def comment(run_id: str) -> ResponseReturnValue:
    """Tell the authors something about a scene of this run."""
    with reading() as session:
        looked = _looked_back(session, run_id)
        _run, case, _events, play = looked
        form = _comment_form(case, play, asked=True)
        wrong = None if form.validate_on_submit() else page_of(session, looked, comment_form=form)
    if wrong:
        return show(wrong, 422)
    scene = play.steps[int(form.scene.data)].scene
    with transaction() as session:
        services.send_comment(session, run=looked[0], scene=scene, text=form.comment.data, now=utc_now())
    return redirect(url_for("cases.show_debrief", run_id=run_id, _anchor="authors"), code=303)


@bp.get("/runs/<run_id>/what-if/<step>")
@only(Role.TRAINEE)
def what_if(run_id: str, step: str) -> ResponseReturnValue:
    """Take one decision back and play on from there; the address alone knows what was chosen since."""
    with reading() as session:
        run, case, _events, play = _looked_back(session, run_id)
    number = int(step) if step.isascii() and step.isdigit() and len(step) <= len(str(len(play.steps))) else -1
    chosen = request.args.getlist("chosen")
    what = _rehearsal(run, case, play, number, chosen)
    taken = len(what.other)
    seen = view(case, what.play)
    page = WhatIfPage(
        enrolment_id=run.enrolment_id,
        case=case,
        run=run,
        what=what,
        view=seen,
        clock=clock(seen.minute),
        own_ending=play.state.ending,
        decision=quoted(case.scenes[play.steps[number].scene].title),
        chosen=chosen[:taken],
        offered=[Offered(token=_token(run, what, one.id), text=inline(one.text)) for one in seen.answers],
        taken="" if taken else _token(run, what, play.steps[number].choice),
        own=chart_of(case, play, with_limits=True) if seen.signs and what.other else None,
        other=chart_of(case, what.play, with_limits=True) if seen.signs and what.other else None,
        stale=taken < len(chosen),
    )
    return show(page, 409 if page.stale else 200)


def _rehearsal(run: CaseRun, case: Case, play: Play, number: int, tokens: Sequence[str]) -> WhatIf:
    """Follow the tokens as long as each is of a choice that is open."""
    what, inputs = rehearsed(case, play, number, ()), tuple[str, ...]()
    for token in tokens:
        given = next((one for one in options(case, what.play.state) if _token(run, what, one) == token), None)
        if given is None:
            break
        inputs = (*inputs, given)
        what = rehearsed(case, play, number, inputs)
    return what


def _token(run: CaseRun, what: WhatIf, choice_id: str) -> str:
    """Return a token that no run takes, and no other rehearsal."""
    of = f"{run.id} what if {what.step}"
    return option_token(settings().secret_key, run_id=of, step=len(what.other), choice_id=choice_id)


@bp.get("/notes/<enrolment_id>")
@only(Role.TRAINEE)
def own_notes(enrolment_id: str) -> ResponseReturnValue:
    """Show every note that I have written to myself after a case."""
    with reading() as session:
        enrolment = enrolment_for(session, person_id=me().id, enrolment_id=enrolment_id)
        page = OwnNotesPage(enrolment_id=enrolment.id, notes=services.own_notes(session, enrolment=enrolment))
    return show(page)


@bp.get("/notes")
@only(Role.SUPERVISOR, Role.DIRECTOR)
def shared_notes() -> ResponseReturnValue:
    """Show the notes that trainees have shared with their supervisors."""
    programmes = programmes_where(Role.SUPERVISOR) | programmes_where(Role.DIRECTOR)
    with reading() as session:
        page = SharedNotesPage(notes=services.shared_notes(session, programmes=programmes))
    return show(page)
