"""Sit an examination: begin, one case after the other, and the result once it has been decided."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from flask import Blueprint, redirect, url_for
from flask.typing import ResponseReturnValue

from trainer.accounts.access import me, only
from trainer.accounts.queries import directors_to_ask
from trainer.accounts.words import Role
from trainer.authoring.release import Release
from trainer.cases.afterwards.pages import debrief_page
from trainer.cases.catalogue import cases_of
from trainer.cases.runs.queries import refuse_while_examined, run_of
from trainer.chances.queries import chances_of
from trainer.clock import utc_now
from trainer.curriculum.access import outstanding_for
from trainer.curriculum.course import Course, course_of
from trainer.enrolment.models import Enrolment
from trainer.enrolment.queries import enrolment_for, release_for
from trainer.errors import Missing, Refused
from trainer.examinations import services
from trainer.examinations.blueprint import Blueprint as Examination
from trainer.examinations.catalogue import exams_of
from trainer.examinations.forms import BeginForm
from trainer.examinations.models import Sitting
from trainer.examinations.outcome import Outcome
from trainer.examinations.pages import BeginningPage, ExamPage, KnowledgeExamPage, SittingPage
from trainer.examinations.plot import plot_of
from trainer.examinations.queries import (
    SittingRecord,
    is_settled,
    limits_in,
    material_of,
    minutes_for,
    places_of,
    sitting_for,
    sitting_with,
    sittings_of,
    standings,
)
from trainer.quizzes.knowledge_exams import knowledge_exams_of
from trainer.quizzes.queries import open_attempt, tries_of
from trainer.quizzes.services import start_attempt
from trainer.quizzes.values import Bank
from trainer.web import Session, reading, transaction
from trainer.web.pages import show
from trainer.windows.opening import Opening, opening
from trainer.windows.queries import windows_for

bp = Blueprint("examinations", __name__, url_prefix="/examinations")


def _blueprint(release: Release, slug: str) -> Examination:
    blueprint = exams_of(release).get(slug)
    if blueprint is None:
        raise Missing("There is no such examination in your programme.")
    return blueprint


def _why_not(session: Session, enrolment: Enrolment, exam: Examination, before: Sequence[SittingRecord]) -> str:
    chances = chances_of(session, enrolment_id=enrolment.id, kind="exam", slug=exam.slug)
    windows = windows_for(session, cohort_id=enrolment.cohort_id, exam=exam.slug)
    return services.why_not(exam, before, chances, windows, now=utc_now())


def _opening(session: Session, enrolment: Enrolment, slug: str, not_before: datetime | None = None) -> Opening:
    windows = windows_for(session, cohort_id=enrolment.cohort_id, exam=slug)
    return opening(windows, now=utc_now(), not_before=not_before)


@bp.get("/<enrolment_id>/<slug>")
@only(Role.TRAINEE)
def exam(enrolment_id: str, slug: str) -> ResponseReturnValue:
    """Say what the examination is before it begins, and how my sittings stand."""
    with reading() as session:
        enrolment = enrolment_for(session, person_id=me().id, enrolment_id=enrolment_id)
        release = release_for(session, enrolment)
        if bank := knowledge_exams_of(release).get(slug):
            return show(_knowledge_page(session, enrolment, bank, course_of(release), BeginForm(formdata=None)))
        blueprint = _blueprint(release, slug)
        mine = sittings_of(session, enrolment_id=enrolment_id, exam=slug)
        page = ExamPage(
            enrolment_id=enrolment_id,
            exam=blueprint,
            standings=mine,
            why_not=_why_not(session, enrolment, blueprint, mine),
            opening=_opening(session, enrolment, slug),
            outstanding=outstanding_for(session, enrolment, "exam", slug),
            directors=directors_to_ask(session, person_id=me().id, programme=enrolment.programme),
        )
    return show(page)


def _knowledge_page(
    session: Session, enrolment: Enrolment, bank: Bank, course: Course, form: BeginForm
) -> KnowledgeExamPage:
    tries = tries_of(session, enrolment_id=enrolment.id, bank=bank, now=utc_now())
    return KnowledgeExamPage(
        enrolment_id=enrolment.id,
        bank=bank,
        minutes=minutes_for(session, enrolment=enrolment, bank=bank),
        titles={module.slug: module.title for module in course.modules},
        tries=tries,
        opening=_opening(session, enrolment, bank.slug, tries.next_at),
        open_attempt=open_attempt(session, enrolment_id=enrolment.id, bank=bank.slug, counted=True),
        outstanding=outstanding_for(session, enrolment, "exam", bank.slug),
        form=form,
    )


@bp.get("/<enrolment_id>/<slug>/beginning")
@only(Role.TRAINEE)
def beginning(enrolment_id: str, slug: str) -> ResponseReturnValue:
    """Say what beginning a sitting means, and ask whether to begin."""
    return _before(enrolment_id, slug, BeginForm())


def _before(enrolment_id: str, slug: str, form: BeginForm) -> ResponseReturnValue:
    with reading() as session:
        enrolment = enrolment_for(session, person_id=me().id, enrolment_id=enrolment_id)
        release = release_for(session, enrolment)
        if bank := knowledge_exams_of(release).get(slug):
            return show(
                _knowledge_page(session, enrolment, bank, course_of(release), form), 422 if form.errors else 200
            )
        blueprint = _blueprint(release, slug)
        mine = sittings_of(session, enrolment_id=enrolment_id, exam=slug)
        if mine and mine[-1].outcome is Outcome.UNDER_WAY:
            return redirect(url_for(".sitting", sitting_id=mine[-1].sitting.id), code=303)
        page = BeginningPage(
            enrolment_id=enrolment_id,
            exam=blueprint,
            number=len(mine) + 1,
            why_not=_why_not(session, enrolment, blueprint, mine),
            opening=_opening(session, enrolment, slug),
            outstanding=outstanding_for(session, enrolment, "exam", slug),
            limits=limits_in(session, enrolment=enrolment, exam=blueprint, cases=cases_of(release)),
            form=form,
        )
    return show(page, 422 if form.errors else 200)


@bp.post("/<enrolment_id>/<slug>")
@only(Role.TRAINEE)
def start(enrolment_id: str, slug: str) -> ResponseReturnValue:
    """Begin a sitting that has been confirmed, or go on with the open one."""
    form = BeginForm()
    if not form.validate_on_submit():
        return _before(enrolment_id, slug, form)
    with transaction() as session:
        enrolment = enrolment_for(session, person_id=me().id, enrolment_id=enrolment_id)
        release = release_for(session, enrolment)
        if bank := knowledge_exams_of(release).get(slug):
            attempt = start_attempt(
                session,
                enrolment=enrolment,
                bank=replace(bank, minutes=minutes_for(session, enrolment=enrolment, bank=bank)),
                release_hash=release.hash,
                counted=True,
                outstanding=outstanding_for(session, enrolment, "exam", slug),
                now=utc_now(),
            )
            return redirect(url_for("quizzes.attempt", attempt_id=attempt.id), code=303)
        begun = services.start_sitting(
            session,
            enrolment=enrolment,
            exam=_blueprint(release, slug),
            cases=cases_of(release),
            release_hash=release.hash,
            outstanding=outstanding_for(session, enrolment, "exam", slug),
            now=utc_now(),
        )
    return redirect(url_for(".sitting", sitting_id=begun.id), code=303)


@bp.get("/sittings/<sitting_id>")
@only(Role.TRAINEE)
def sitting(sitting_id: str) -> ResponseReturnValue:
    """Show where the sitting stands; whatever has ended since is kept first."""
    with reading() as session:
        mine = sitting_for(session, person_id=me().id, sitting_id=sitting_id)
        settled = is_settled(session, mine)
    if not settled:
        with transaction() as session:
            services.settle(session, sitting=mine, now=utc_now())
    with reading() as session:
        page = _page(session, mine)
    return show(page)


def _page(session: Session, mine: Sitting) -> SittingPage:
    blueprint, known = material_of(session, mine)
    (standing,) = standings(session, sittings=[mine])
    all_mine = sittings_of(session, enrolment_id=mine.enrolment_id, exam=mine.exam)
    enrolment = session.get_one(Enrolment, mine.enrolment_id)
    return SittingPage(
        exam=blueprint,
        cases=known,
        standing=standing,
        places=places_of(session, sitting_id=mine.id),
        plot=plot_of(standing.result.result) if standing.result and standing.decided_at else None,
        why_not=_why_not(session, enrolment, blueprint, all_mine),
        directors=directors_to_ask(session, person_id=mine.person_id, programme=enrolment.programme),
    )


@bp.post("/sittings/<sitting_id>/cases/<position>")
@only(Role.TRAINEE)
def begin(sitting_id: str, position: str) -> ResponseReturnValue:
    """Begin one case of the form, or go on with it."""
    with transaction() as session:
        mine = sitting_for(session, person_id=me().id, sitting_id=sitting_id)
        run = services.begin_case(session, sitting=mine, position=position, now=utc_now())
    return redirect(url_for("cases.play", run_id=run.id), code=303)


@bp.get("/runs/<run_id>")
@only(Role.TRAINEE)
def after(run_id: str) -> ResponseReturnValue:
    """Lead from the end of a case back to its sitting."""
    with reading() as session:
        mine = sitting_with(session, person_id=me().id, run_id=run_id)
    return redirect(url_for(".sitting", sitting_id=mine.id), code=303)


@bp.get("/sittings/<sitting_id>/debriefs/<position>")
@only(Role.TRAINEE)
def debrief(sitting_id: str, position: str) -> ResponseReturnValue:
    """Show the debrief of one case, once the sitting has been decided."""
    with reading() as session:
        mine = sitting_for(session, person_id=me().id, sitting_id=sitting_id)
        _place, record, ending = services.place_at(places_of(session, sitting_id=mine.id), position)
        (standing,) = standings(session, sittings=[mine])
        if record is None or ending is None or standing.outcome not in (Outcome.PASSED, Outcome.FAILED):
            raise Refused("The debrief of an examination opens when its result is there.")
        refuse_while_examined(session, person_id=me().id, slug=record.case_slug)  # in a later sitting
        run = run_of(session, record, material_of(session, mine)[1][record.case_slug])
        if not run.can_be_debriefed:
            return redirect(url_for("cases.reaction", run_id=run.id), code=303)  # the first words come before it
        page = debrief_page(session, run)
    return show(page)
