"""Play a case: a content note, scenes and choices, a first reaction, the debrief."""

from dataclasses import replace
from datetime import datetime

from flask import Blueprint, jsonify, redirect, request, url_for
from flask.typing import ResponseReturnValue

from trainer.accounts.access import me, only
from trainer.accounts.words import Role
from trainer.cases.access import mine, mine_and_open
from trainer.cases.afterwards.pages import debrief_page
from trainer.cases.afterwards.queries import later_scores, mastery_of
from trainer.cases.catalogue import cases_of
from trainer.cases.forms import ReactionForm, SentStep, sent_in, token_in
from trainer.cases.pacing.services import give_more_time, pause
from trainer.cases.pages import (
    CaseIntroPage,
    ReactionPage,
    ReportPage,
    modules_behind,
    moment_lasts,
    scene_page,
    words_behind_id,
)
from trainer.cases.play.engine import TIMEOUT
from trainer.cases.play.state import end_of
from trainer.cases.runs import queries, services
from trainer.cases.runs.run import Run
from trainer.cases.runs.timing import Span
from trainer.cases.runs.transcript import Reaction
from trainer.cases.runs.words import Pace
from trainer.cases.script.values import Case
from trainer.clock import utc_now
from trainer.curriculum.course import course_of
from trainer.curriculum.queries import signed_hashes
from trainer.enrolment.models import Enrolment
from trainer.enrolment.queries import enrolment_for, enrolments_of, newest_release, release_for
from trainer.errors import Missing, Refused
from trainer.web import Session, reading, transaction
from trainer.web.addresses_above import PageAbove, address_above
from trainer.web.pages import show

bp = Blueprint("cases", __name__, url_prefix="/cases")


def _case(session: Session, enrolment: Enrolment, slug: str) -> Case:
    case = cases_of(release_for(session, enrolment)).get(slug)
    if case is None or case.head.examined_only:
        raise Missing("There is no such case in your programme.")
    return case


@bp.get("/<enrolment_id>/<slug>")
@only(Role.TRAINEE)
def intro(enrolment_id: str, slug: str) -> ResponseReturnValue:
    """Say what the case is about before it begins."""
    with reading() as session:
        enrolment = enrolment_for(session, person_id=me().id, enrolment_id=enrolment_id)
        case = _case(session, enrolment, slug)
        runs = queries.runs_of(session, enrolment_id=enrolment_id, slug=slug)
        page = CaseIntroPage(
            enrolment_id=enrolment_id,
            case=case,
            runs=runs,
            draws_on=modules_behind(case, course_of(release_for(session, enrolment))),
            later=later_scores(session, run_ids=[run.id for run, _ending in runs]),
            walks=queries.walks_of(session, run_ids=[run.id for run, _ending in runs]),
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
        run = mine_and_open(session, run_id)
    if run.has_ended:
        return redirect(url_for(".reaction", run_id=run_id, _anchor="main"), code=303)
    if run.is_paused:
        return redirect(url_for("pacing.paused", run_id=run_id), code=303)
    return show(scene_page(run, now))


@bp.post("/runs/<run_id>/steps")
@only(Role.TRAINEE)
def step(run_id: str) -> ResponseReturnValue:
    """Take a choice. What is stale, foreign or repeated changes nothing and shows where the person stands."""
    now = utc_now()  # when it arrived: waiting for another click of theirs costs them nothing
    with transaction() as session:
        run = mine_and_open(session, run_id, to_play=True)
        sent = sent_in(run)
        given = None if run.is_paused else _given(sent, run.span(now))
        if given is not None:
            services.take_step(session, run=run, choice_id=given, reason=sent.draft.words, now=now)
        elif run.is_paused and sent.here:
            pause(session, run=run, draft=sent.draft, now=now)
    if given is not None:
        late = 1 if given == TIMEOUT and request.form.get("choice") else None
        return redirect(url_for(".play", run_id=run_id, late=late, _anchor="scene"), code=303)
    if run.has_ended or run.is_paused or not sent.here:
        return _from_another_page(run, sent, now)
    return show(scene_page(run, now, "Please choose one of the answers.", draft=sent.draft), 422)


def _given(sent: SentStep, span: Span) -> str | None:
    """Return what a form answers to this very moment: a choice, `(timeout)` when it comes too late, or None."""
    if not sent.here:
        return None
    if request.form.get("choice"):
        return TIMEOUT if span.is_late else sent.draft.marked
    return TIMEOUT if span.is_up else None


def _from_another_page(run: Run, sent: SentStep, now: datetime) -> ResponseReturnValue:
    """Lead to where the run stands by now whoever sent something on a page that does not know of it.

    Raises:
        Refused: they wrote something that has no place there; it is given back.
    """
    if run.has_ended or run.is_paused:
        if sent.unkept:
            raise Refused("This run went on in another window, so what you wrote has no place in it any more.")
        to = ".reaction" if run.has_ended else "pacing.paused"
        held = 1 if sent.here and (request.form.get("choice") or sent.draft.words) else None
        return redirect(url_for(to, run_id=run.id, held=held, _anchor="main"), code=303)
    note = "That moment has passed. This is where you stand now."
    return show(scene_page(run, now, note, unkept=sent.unkept), 409)


@bp.get("/runs/<run_id>/time")
@only(Role.TRAINEE)
def time_left(run_id: str) -> ResponseReturnValue:
    """Say how many seconds are left of the moment a page shows: its own clock stands still while a device sleeps."""
    now = utc_now()
    with reading() as session:
        run = mine_and_open(session, run_id)
    here = request.args.get("moment") == token_in(run, TIMEOUT) and not run.is_paused
    answer = jsonify(here=here, left=run.span(now).left if here else 0)
    answer.headers["Cache-Control"] = "no-store"
    return answer


@bp.post("/runs/<run_id>/time")
@only(Role.TRAINEE)
def more_time(run_id: str) -> ResponseReturnValue:
    """Let this moment of a practice run last longer; pages that count down learn how many seconds are left."""
    now = utc_now()
    with transaction() as session:
        run = mine_and_open(session, run_id, to_play=True)
        sent = sent_in(run)
        given = sent.here and not run.is_paused and run.span(now).can_grow
        if given:
            run = give_more_time(session, run=run, now=now)
        elif run.is_paused and sent.here:
            run = pause(session, run=run, draft=sent.draft, now=now)
    span = run.span(now)
    if request.accept_mimetypes.best == "application/json":
        left = span.left if sent.here and not run.is_paused else 0
        return jsonify(left=left, given=given, lasts=moment_lasts(span.limit or 0))
    if run.is_paused or not sent.here:
        return _from_another_page(run, sent, now)
    page = scene_page(run, now, draft=sent.draft)
    asked_before = not given and span.extension and not span.is_up
    return show(replace(page, note=page.more_time_already) if asked_before else page)


@bp.route("/runs/<run_id>/reaction", methods=["GET", "POST"])
@only(Role.TRAINEE)
def reaction(run_id: str) -> ResponseReturnValue:
    """Ask how it was, before any score."""
    form = ReactionForm()
    with reading() as session:
        run = mine(session, run_id)
    if not run.has_ended:
        return redirect(url_for(".play", run_id=run_id), code=303)
    if run.can_be_debriefed and not form.words.data:
        return redirect(_after(run), code=303)
    competencies = [competency.name for competency in run.case.head.competencies]
    if not form.validate_on_submit():
        page = ReactionPage(
            enrolment_id=run.record.enrolment_id,
            title=run.case.title,
            run=run.record,
            ending=end_of(run.case, run.play.state),
            competencies=[(name, words_behind_id(name)) for name in competencies],
            form=form,
        )
        return show(page, 422 if form.errors else 200)
    felt = {name: request.form.get(f"felt-{name}", type=int) for name in competencies}
    said = Reaction(
        form.words.data or "", {name: mark for name, mark in felt.items() if mark is not None and mark in range(1, 6)}
    )
    with transaction() as session:
        kept = services.keep_reaction(session, run=run, reaction=said, now=utc_now())
    if said.words not in ("", kept.words):
        raise Refused("Your first words about this run were kept from another page, and stay as they are.")
    return redirect(_after(run), code=303)


def _after(run: Run) -> str:
    """Return where the first words after the end lead: to the debrief, or back to the sitting they belong to.

    Each address names its own place: where it names none, a browser keeps the `#scene` that the run was played at.
    """
    if run.is_practice:
        return url_for(".show_debrief", run_id=run.id, _anchor="verdict")
    return address_above(PageAbove.AFTER_EXAMINED_CASE, run_id=run.id, _anchor="main")


@bp.get("/runs/<run_id>/debrief")
@only(Role.TRAINEE)
def show_debrief(run_id: str) -> ResponseReturnValue:
    """Show what happened, what was seen and what an expert would have done; before that, lead through it."""
    with reading() as session:
        run = mine_and_open(session, run_id)
        if not run.is_practice:
            raise Missing("There is no debrief of this run yet. It opens with the result of your examination.")
        if not run.can_be_debriefed:
            return redirect(url_for(".reaction", run_id=run_id, _anchor="main"), code=303)
        walk = queries.walk_through(session, run)
        if not walk.opens_all:
            address = url_for("walk.moment", run_id=run_id, number=walk.open_moment, _anchor="main")
            return redirect(address, code=303)
        page = debrief_page(session, run)
    return show(page)


@bp.get("/reports/<slug>")
@only(Role.SUPERVISOR, Role.DIRECTOR, Role.ADMINISTRATOR)
def report(slug: str) -> ResponseReturnValue:
    """Show what the checker proved about a case of the newest release.

    Whoever has a place as a trainee may still be examined in a case that nobody practises, whatever else they do here:
    its proof tells the ways through it.
    """
    with reading() as session:
        case = cases_of(newest_release(session)).get(slug)
        if case is None or (case.head.examined_only and enrolments_of(session, person_id=me().id)):
            raise Missing("The newest release has no such case.")
        kept = queries.report_on(session, case_hash=case.hash)
        return show(ReportPage(case=case, kept=kept))
