"""Play a case: a content note, scenes and choices, a first reaction, the debrief."""

import json
from collections.abc import Sequence

from flask import Blueprint, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from trainer.accounts.access import me, only
from trainer.accounts.models import Role
from trainer.cases import services
from trainer.cases.afterwards.routes import page_of
from trainer.cases.afterwards.services import mastery_of
from trainer.cases.catalogue import cases_of
from trainer.cases.chart import chart_of, clock
from trainer.cases.engine import Play, options
from trainer.cases.forms import ReactionForm
from trainer.cases.models import CaseEvent, CaseRun, EventKind
from trainer.cases.pages import IntroPage, Offered, PlayPage, ReactionPage, ReportPage, words_of
from trainer.cases.tokens import option_token
from trainer.cases.values import Case
from trainer.cases.view import view
from trainer.clock import utc_now
from trainer.curriculum.markdown import block, inline
from trainer.curriculum.models import Enrolment
from trainer.curriculum.services import enrolment_for, newest_release, release_for, release_with, signed_hashes
from trainer.errors import Missing
from trainer.web import Session, reading, settings, transaction
from trainer.web.pages import show

bp = Blueprint("cases", __name__, url_prefix="/cases")


def _case(session: Session, enrolment: Enrolment, slug: str) -> Case:
    case = cases_of(release_for(session, enrolment)).get(slug)
    if case is None:
        raise Missing(_("There is no such case in your programme."))
    return case


def _mine(session: Session, run_id: str, *, to_play: bool = False) -> tuple[CaseRun, Case, Sequence[CaseEvent], Play]:
    """Return my run, its case as it was when the run began, what happened, and the play that makes."""
    run = services.run_for(session, person_id=me().id, run_id=run_id, to_play=to_play)
    case = cases_of(release_with(session, run.release_hash))[run.case_slug]
    events = services.events_of(session, run_id=run_id)
    return run, case, events, services.play_of(case, run, events)


@bp.get("/<enrolment_id>/<slug>")
@only(Role.TRAINEE)
def intro(enrolment_id: str, slug: str) -> ResponseReturnValue:
    """Say what the case is about before it begins."""
    with reading() as session:
        enrolment = enrolment_for(session, person_id=me().id, enrolment_id=enrolment_id)
        case = _case(session, enrolment, slug)
        page = IntroPage(
            enrolment_id=enrolment_id,
            case=case,
            runs=services.runs_of(session, enrolment_id=enrolment_id, slug=slug),
            counts=not case.pending or case.hash in signed_hashes(session),
            mastery=mastery_of(session, enrolment_id=enrolment_id, case=case),
        )
    return show(page)


@bp.post("/<enrolment_id>/<slug>")
@only(Role.TRAINEE)
def start(enrolment_id: str, slug: str) -> ResponseReturnValue:
    """Begin a run, or go on with the open one."""
    with transaction() as session:
        enrolment = enrolment_for(session, person_id=me().id, enrolment_id=enrolment_id)
        run = services.start_run(
            session,
            enrolment=enrolment,
            case=_case(session, enrolment, slug),
            release_hash=release_for(session, enrolment).hash,
            now=utc_now(),
        )
    return redirect(url_for(".play", run_id=run.id), code=303)


@bp.get("/runs/<run_id>")
@only(Role.TRAINEE)
def play(run_id: str) -> ResponseReturnValue:
    """Show the scene as it stands now."""
    with reading() as session:
        run, case, _events, so_far = _mine(session, run_id)
    if so_far.state.ending:
        return redirect(url_for(".reaction", run_id=run_id), code=303)
    return show(_scene(run, case, so_far))


def _scene(run: CaseRun, case: Case, so_far: Play, note: str = "") -> PlayPage:
    seen = view(case, so_far)
    return PlayPage(
        enrolment_id=run.enrolment_id,
        title=case.title,
        run=run,
        chapter=seen.chapter,
        clock=clock(seen.minute),
        scene_title=inline(seen.title),
        paragraphs=tuple(map(block, seen.paragraphs)),
        heard=tuple(map(block, seen.heard)),
        offered=tuple(
            Offered(token=_token(run, so_far, answer.id), text=inline(answer.text)) for answer in seen.answers
        ),
        prompt=seen.prompt,
        phase=seen.phase,
        signs=seen.signs,
        chart=chart_of(case, so_far) if seen.signs else None,
        note=note,
    )


def _token(run: CaseRun, so_far: Play, choice_id: str) -> str:
    return option_token(settings().secret_key, run_id=run.id, step=len(so_far.steps), choice_id=choice_id)


@bp.post("/runs/<run_id>/steps")
@only(Role.TRAINEE)
def step(run_id: str) -> ResponseReturnValue:
    """Take a choice. What is stale, foreign or repeated changes nothing and shows where the person stands."""
    token = request.form.get("choice", "")
    with transaction() as session:
        run, case, events, so_far = _mine(session, run_id, to_play=True)
        chosen = next((one for one in options(case, so_far.state) if _token(run, so_far, one) == token), None)
        if chosen is not None:
            reason = request.form.get("reason", "")
            services.take_step(
                session, run=run, case=case, events=events, choice_id=chosen, reason=reason, now=utc_now()
            )
    if chosen is not None:
        return redirect(url_for(".play", run_id=run_id), code=303)
    if so_far.state.ending:
        return redirect(url_for(".reaction", run_id=run_id), code=303)
    note = (
        _("That moment has passed. This is where you stand now.") if token else _("Please choose one of the answers.")
    )
    return show(_scene(run, case, so_far, note), 409 if token else 422)


@bp.route("/runs/<run_id>/reaction", methods=["GET", "POST"])
@only(Role.TRAINEE)
def reaction(run_id: str) -> ResponseReturnValue:
    """Ask how it was, before any score."""
    form = ReactionForm()
    with reading() as session:
        run, case, events, so_far = _mine(session, run_id)
    said = any(event.kind is EventKind.REACTION for event in events)
    if not so_far.state.ending:
        return redirect(url_for(".play", run_id=run_id), code=303)
    if said:
        return redirect(url_for(".show_debrief", run_id=run_id), code=303)
    if not form.validate_on_submit():
        page = ReactionPage(
            enrolment_id=run.enrolment_id,
            title=case.title,
            run=run,
            ending=case.ending(so_far.state.ending),
            competencies=[(one.name, words_of(one.name)) for one in case.head.competencies],
            form=form,
        )
        return show(page, 422 if form.errors else 200)
    felt = {one.name: request.form.get(f"felt-{one.name}", type=int) for one in case.head.competencies}
    kept = {"words": form.words.data or "", "felt": {name: mark for name, mark in felt.items() if mark in range(1, 6)}}
    with transaction() as session:
        services.keep_reaction(session, run=run, value=json.dumps(kept), now=utc_now())
    return redirect(url_for(".show_debrief", run_id=run_id), code=303)


@bp.get("/runs/<run_id>/debrief")
@only(Role.TRAINEE)
def show_debrief(run_id: str) -> ResponseReturnValue:
    """Show what happened, what was seen and what an expert would have done."""
    with reading() as session:
        run, case, events, so_far = _mine(session, run_id)
        if not so_far.state.ending or not any(event.kind is EventKind.REACTION for event in events):
            return redirect(url_for(".reaction", run_id=run_id), code=303)
        page = page_of(session, (run, case, events, so_far))
    return show(page)


@bp.get("/reports/<slug>")
@only(Role.SUPERVISOR, Role.DIRECTOR, Role.ADMINISTRATOR)
def report(slug: str) -> ResponseReturnValue:
    """Show what the checker proved about a case of the newest release."""
    with reading() as session:
        case = cases_of(newest_release(session)).get(slug)
        if case is None:
            raise Missing(_("The newest release has no such case."))
        kept = services.report_on(session, case_hash=case.hash)
        return show(ReportPage(case=case, kept=kept))
