"""Decide what no machine should: flags, and sittings near the cut. Until then nobody is told whose they are."""

from collections.abc import Mapping

from flask import Blueprint, redirect, url_for
from flask.typing import ResponseReturnValue

from trainer.accounts.access import me, only, programmes_where
from trainer.accounts.queries import names_of, stands_aside
from trainer.accounts.words import Role
from trainer.authoring.messages import Message
from trainer.cases.catalogue import cases_of
from trainer.cases.runs.models import CaseRun
from trainer.cases.runs.queries import run_of
from trainer.cases.runs.timing import Standstill
from trainer.cases.script.values import Case
from trainer.clock import utc_now
from trainer.curriculum.queries import signed_hashes
from trainer.enrolment.queries import newest_release
from trainer.errors import Broken, Missing
from trainer.examinations import services as sittings
from trainer.examinations.candidates import unreviewed
from trainer.examinations.catalogue import exams_of
from trainer.examinations.desk import services
from trainer.examinations.desk.forms import FlagForm, GreyForm
from trainer.examinations.desk.pages import Chapters, FlagPage, GreyPage, QueuePage
from trainer.examinations.desk.queries import flag_for, grey_for
from trainer.examinations.models import FlagDecision, Sitting
from trainer.examinations.plot import plot_of
from trainer.examinations.queries import SittingRecord, material_of, places_of, sittings_in, standstill_in
from trainer.examinations.run_in_words import told_after_sitting
from trainer.web import Session, reading, transaction
from trainer.web.pages import show

bp = Blueprint("examiners", __name__, url_prefix="/examinations")

DESK = (Role.SUPERVISOR, Role.DIRECTOR)


def _my_programmes() -> frozenset[str]:
    return programmes_where(Role.SUPERVISOR) | programmes_where(Role.DIRECTOR)


@bp.get("/")
@only(*DESK)
def queue() -> ResponseReturnValue:
    """Show what waits for eyes, then what has been decided."""
    with transaction() as session:
        sittings.settle_ended(session, programmes=_my_programmes(), now=utc_now())
    with reading() as session:
        found = sittings_in(session, programmes=_my_programmes(), but_of=stands_aside(session, person_id=me().id))
        page = QueuePage(
            standings=found,
            names=names_of(session, ids=[record.sitting.person_id for record in found if record.decided_at]),
            titles=_titles(session),
            examines=bool(programmes_where(Role.SUPERVISOR)),
            waiting=_unreviewed(session),
        )
    return show(page)


def _titles(session: Session) -> Mapping[str, str]:
    try:
        return {exam.slug: exam.title for exam in exams_of(newest_release(session)).values()}
    except (Missing, Broken):
        return {}


def _unreviewed(session: Session) -> tuple[Message, ...]:
    try:
        release = newest_release(session)
    except (Missing, Broken):
        return ()
    return unreviewed(cases_of(release), signed_hashes(session)) if exams_of(release) else ()


@bp.route("/flags/<flag_id>", methods=["GET", "POST"])
@only(Role.SUPERVISOR)
def flag(flag_id: str) -> ResponseReturnValue:
    """Show the run in which something critical may have happened; keep what the examiner finds."""
    form, mine = FlagForm(), programmes_where(Role.SUPERVISOR)
    if form.validate_on_submit():
        with transaction() as session:
            services.decide_flag(
                session,
                flag_id=flag_id,
                programmes=mine,
                by=me().id,
                confirmed=form.verdict.data == "confirmed",
                reason=form.reason.data,
                now=utc_now(),
            )
        return redirect(url_for(".flag", flag_id=flag_id), code=303)
    with reading() as session:
        raised, sitting = flag_for(session, flag_id=flag_id, programmes=mine, by=me().id)
        decision = session.get(FlagDecision, flag_id)
        _, cases = material_of(session, sitting)
        run = session.get_one(CaseRun, raised.run_id)
        page = FlagPage(
            flag=raised,
            decision=decision,
            name=names_of(session, ids=[sitting.person_id])[sitting.person_id] if decision else "",
            run=_told(session, run, cases[run.case_slug]),
            clock=_clock(session, sitting),
            form=form,
        )
    return show(page, 422 if form.errors else 200)


@bp.route("/grey/<sitting_id>", methods=["GET", "POST"])
@only(*DESK)
def grey(sitting_id: str) -> ResponseReturnValue:
    """Show a sitting near the cut as figures and as words; keep what is decided."""
    form = GreyForm()
    if form.validate_on_submit():
        with transaction() as session:
            services.decide_sitting(
                session,
                sitting_id=sitting_id,
                programmes=_my_programmes(),
                by=me().id,
                passed=form.verdict.data == "passed",
                reason=form.reason.data,
                now=utc_now(),
            )
        return redirect(url_for(".grey", sitting_id=sitting_id), code=303)
    with reading() as session:
        standing = grey_for(session, sitting_id=sitting_id, programmes=_my_programmes(), by=me().id)
        page = _grey_page(session, standing, form)
    return show(page, 422 if form.errors else 200)


def _grey_page(session: Session, standing: SittingRecord, form: GreyForm) -> GreyPage:
    sitting, kept = standing.sitting, standing.result
    if kept is None:
        raise Missing("This sitting has not come to its end.")
    exam, cases = material_of(session, sitting)
    places = [place for place in places_of(session, sitting_id=sitting.id) if not place[0].warm_up]
    return GreyPage(
        standing=standing,
        title=exam.title,
        zone=kept.zone,
        result=kept.result,
        plot=plot_of(kept.result),
        decision=standing.decision,
        name=names_of(session, ids=[sitting.person_id])[sitting.person_id] if standing.decision else "",
        runs=[
            _told(session, run, cases[place.case_slug], percent)
            for (place, run, _), percent in zip(places, kept.result["cases"], strict=True)
            if run
        ],
        clock=_clock(session, sitting),
        form=form,
    )


def _clock(session: Session, sitting: Sitting) -> Standstill:
    places = places_of(session, sitting_id=sitting.id)
    return standstill_in(session, places=places, cases=material_of(session, sitting)[1], now=utc_now())


def _told(session: Session, record: CaseRun, case: Case, percent: float | None = None) -> Chapters:
    return Chapters(title=case.title, told=told_after_sitting(run_of(session, record, case)), percent=percent)
