"""Play a case: a content note, scenes and choices, a first reaction, the debrief."""

import json
from collections.abc import Sequence
from datetime import datetime

from flask import Blueprint, jsonify, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from trainer.accounts.access import me, only
from trainer.accounts.models import Role
from trainer.cases import queries, services
from trainer.cases.access import mine, mine_and_open
from trainer.cases.afterwards.routes import page_of
from trainer.cases.afterwards.services import later_scores, mastery_of
from trainer.cases.catalogue import cases_of
from trainer.cases.chart import chart_of, clock
from trainer.cases.engine import TIMEOUT, Play, options
from trainer.cases.forms import ReactionForm
from trainer.cases.memory import remembered
from trainer.cases.models import CaseEvent, CaseRun, EventKind, Pace, Purpose
from trainer.cases.pacing.services import give_more_time
from trainer.cases.pages import IntroPage, Offered, PlayPage, ReactionPage, ReportPage, words_of
from trainer.cases.secrecy import may_debrief
from trainer.cases.timing import Span, draft_of, is_paused, limits_of, span_of
from trainer.cases.tokens import option_token
from trainer.cases.values import Case
from trainer.cases.view import view
from trainer.clock import utc_now
from trainer.curriculum.markdown import block, inline
from trainer.curriculum.models import Enrolment
from trainer.curriculum.services import enrolment_for, newest_release, release_for, signed_hashes
from trainer.errors import Missing
from trainer.web import Session, reading, settings, transaction
from trainer.web.pages import show

bp = Blueprint("cases", __name__, url_prefix="/cases")


def _case(session: Session, enrolment: Enrolment, slug: str) -> Case:
    case = cases_of(release_for(session, enrolment)).get(slug)
    if case is None:
        raise Missing(_("There is no such case in your programme."))
    return case


@bp.get("/<enrolment_id>/<slug>")
@only(Role.TRAINEE)
def intro(enrolment_id: str, slug: str) -> ResponseReturnValue:
    """Say what the case is about before it begins."""
    with reading() as session:
        enrolment = enrolment_for(session, person_id=me().id, enrolment_id=enrolment_id)
        case = _case(session, enrolment, slug)
        runs = services.runs_of(session, enrolment_id=enrolment_id, slug=slug)
        page = IntroPage(
            enrolment_id=enrolment_id,
            case=case,
            runs=runs,
            later=later_scores(session, run_ids=[run.id for run, _ending in runs]),
            counts=case.counts(signed_hashes(session)),
            factor=queries.factor_of(session, enrolment_id=enrolment_id),
            mastery=mastery_of(session, enrolment_id=enrolment_id, case=case),
            examined=queries.run_under_examination(session, person_id=me().id, slug=slug),
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
            pace=_pace(request.form.get("pace", "")),
        )
    return redirect(url_for(".play", run_id=run.id), code=303)


def _pace(wanted: str) -> Pace:
    return Pace(wanted) if wanted in set(Pace) else Pace.CALM


@bp.get("/runs/<run_id>")
@only(Role.TRAINEE)
def play(run_id: str) -> ResponseReturnValue:
    """Show the scene as it stands now."""
    now = utc_now()
    with reading() as session:
        run, case, events, so_far = mine_and_open(session, run_id)
    if so_far.state.ending:
        return redirect(url_for(".reaction", run_id=run_id, _anchor="main"), code=303)
    if is_paused(events):
        return redirect(url_for("pacing.paused", run_id=run_id), code=303)
    return show(_scene(run, case, events, so_far, now))


def _scene(
    run: CaseRun,
    case: Case,
    events: Sequence[CaseEvent],
    so_far: Play,
    now: datetime,
    note: str = "",
    draft: str = "",
) -> PlayPage:
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
        moment=_token(run, so_far, TIMEOUT),
        span=_span(run, case, events, so_far, now),
        unanswered=bool(so_far.steps) and so_far.steps[-1].choice == TIMEOUT,
        late="late" in request.args,
        memory=remembered(case, so_far, services.reasons_of(events)),
        draft=draft or draft_of(events),
        content_note=case.note if run.purpose is Purpose.EXAM and not so_far.steps else "",
        note=note,
    )


def _token(run: CaseRun, so_far: Play, choice_id: str) -> str:
    return option_token(settings().secret_key, run_id=run.id, step=len(so_far.steps), choice_id=choice_id)


def _span(run: CaseRun, case: Case, events: Sequence[CaseEvent], so_far: Play, now: datetime) -> Span:
    *before, present = limits_of(case, so_far)
    return span_of(run, present, events, now, before=before)


@bp.post("/runs/<run_id>/steps")
@only(Role.TRAINEE)
def step(run_id: str) -> ResponseReturnValue:
    """Take a choice. What is stale, foreign or repeated changes nothing and shows where the person stands."""
    now = utc_now()  # when it arrived: waiting for another click of theirs costs them nothing
    with transaction() as session:
        run, case, events, so_far = mine_and_open(session, run_id, to_play=True)
        given = None if is_paused(events) else _given(run, case, events, so_far, now)
        if given is not None:
            reason = request.form.get("reason", "")
            services.take_step(session, run=run, case=case, events=events, choice_id=given, reason=reason, now=now)
    if given is not None:
        late = 1 if given == TIMEOUT and request.form.get("choice") else None
        return redirect(url_for(".play", run_id=run_id, late=late, _anchor="scene"), code=303)
    if so_far.state.ending:
        return redirect(url_for(".reaction", run_id=run_id, _anchor="main"), code=303)
    if is_paused(events):
        return redirect(url_for("pacing.paused", run_id=run_id), code=303)
    here = _token(run, so_far, TIMEOUT)
    if request.form.get("choice") or request.form.get("moment", here) != here:
        note = _("That moment has passed. This is where you stand now.")
        return show(_scene(run, case, events, so_far, now, note), 409)
    draft = request.form.get("reason", "")
    return show(_scene(run, case, events, so_far, now, _("Please choose one of the answers."), draft), 422)


def _given(run: CaseRun, case: Case, events: Sequence[CaseEvent], so_far: Play, now: datetime) -> str | None:
    """Return what this form answers to this very moment: a choice, `(timeout)` when it comes too late, or None."""
    token = request.form.get("choice", "")
    chosen = next((one for one in options(case, so_far.state) if _token(run, so_far, one) == token), None)
    span = _span(run, case, events, so_far, now)
    if chosen is not None:
        return TIMEOUT if span.is_late else chosen
    silent = not token and request.form.get("moment") == _token(run, so_far, TIMEOUT)
    return TIMEOUT if silent and span.is_up else None


@bp.get("/runs/<run_id>/time")
@only(Role.TRAINEE)
def time_left(run_id: str) -> ResponseReturnValue:
    """Say how many seconds are left of the moment a page shows: its own clock stands still while a device sleeps."""
    now = utc_now()
    with reading() as session:
        run, case, events, so_far = mine_and_open(session, run_id)
    here = request.args.get("moment") == _token(run, so_far, TIMEOUT) and not is_paused(events)
    answer = jsonify(here=here, left=_span(run, case, events, so_far, now).left if here else 0)
    answer.headers["Cache-Control"] = "no-store"
    return answer


@bp.post("/runs/<run_id>/time")
@only(Role.TRAINEE)
def more_time(run_id: str) -> ResponseReturnValue:
    """Let this moment of a practice run last longer; pages that count down learn how many seconds are left."""
    now = utc_now()
    with transaction() as session:
        run, case, events, so_far = mine_and_open(session, run_id, to_play=True)
        moment = request.form.get("moment") == _token(run, so_far, TIMEOUT)
        if moment and not is_paused(events) and _span(run, case, events, so_far, now).can_grow:
            give_more_time(session, run=run, events=events, now=now)
            events = services.events_of(session, run_id=run_id)
    span = _span(run, case, events, so_far, now)
    if request.accept_mimetypes.best == "application/json":
        return jsonify(left=span.left if moment else 0, more=span.can_grow)
    if so_far.state.ending or is_paused(events) or not moment:
        return redirect(url_for(".play", run_id=run_id), code=303)
    return show(_scene(run, case, events, so_far, now, draft=request.form.get("reason", "")))


@bp.route("/runs/<run_id>/reaction", methods=["GET", "POST"])
@only(Role.TRAINEE)
def reaction(run_id: str) -> ResponseReturnValue:
    """Ask how it was, before any score."""
    form = ReactionForm()
    with reading() as session:
        run, case, events, so_far = mine(session, run_id)
    said = any(event.kind is EventKind.REACTION for event in events)
    if not so_far.state.ending:
        return redirect(url_for(".play", run_id=run_id), code=303)
    if said:
        return redirect(_after(run), code=303)
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
    return redirect(_after(run), code=303)


def _after(run: CaseRun) -> str:
    """Return where the first words after the end lead: to the debrief, or back to the sitting they belong to.

    Each address names its own place: where it names none, a browser keeps the `#scene` that the run was played at.
    """
    if may_debrief(run):
        return url_for(".show_debrief", run_id=run.id, _anchor="main")
    return url_for("examinations.after", run_id=run.id, _anchor="main")


@bp.get("/runs/<run_id>/debrief")
@only(Role.TRAINEE)
def show_debrief(run_id: str) -> ResponseReturnValue:
    """Show what happened, what was seen and what an expert would have done."""
    with reading() as session:
        run, case, events, so_far = mine_and_open(session, run_id)
        if not may_debrief(run):
            raise Missing(_("There is no debrief of this run yet. It opens with the result of your examination."))
        if not so_far.state.ending or not any(event.kind is EventKind.REACTION for event in events):
            return redirect(url_for(".reaction", run_id=run_id, _anchor="main"), code=303)
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
