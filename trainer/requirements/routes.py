"""The start page, and the trainee's path: what is still missing, and why."""

from collections.abc import Sequence

from flask import Blueprint, redirect, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from trainer.accounts.access import me, only, programmes_where, public
from trainer.accounts.contacts import Contact
from trainer.accounts.queries import directors_to_ask
from trainer.accounts.words import Role
from trainer.clock import utc_now
from trainer.curriculum.study.prerequisites import BesideLessons, Outstanding
from trainer.enrolment.models import Enrolment
from trainer.enrolment.queries import cohort_of, enrolment_for, enrolments_of, has_studied
from trainer.errors import TrainerError
from trainer.quizzes.queries import attempts_sent, attempts_under_way
from trainer.requirements import queries
from trainer.requirements.access import award_conferred, page_for_strangers
from trainer.requirements.overview import RowState
from trainer.requirements.pages import (
    EnrolmentsPage,
    PathPage,
    RequirementsPage,
    ResultsPage,
    address_of,
    module_task,
    named_leaf,
    stands,
    way_to,
)
from trainer.requirements.rules import Proof, RequirementKind, leaves
from trainer.web import Session, reading
from trainer.web.addresses_above import PageAbove, address_above
from trainer.web.pages import show

bp = Blueprint("requirements", __name__)


def outstanding_before(session: Session, enrolment: Enrolment, kind: str, slug: str) -> Sequence[Outstanding]:
    """Return what comes before this quiz or examination and is not done, each with the way there."""
    missing = queries.missing_before(session, enrolment=enrolment, kind=RequirementKind(kind), slug=slug, now=utc_now())
    return tuple(_outstanding(leaf, enrolment.id) for leaf in missing)


def asked_for(session: Session, enrolment: Enrolment, kind: str, slug: str) -> bool:
    """Say whether the programme of this enrolment asks for this, be it one of several that it leaves open."""
    return (kind, slug) in {(leaf.kind, leaf.slug) for leaf in queries.what_is_asked_for(session, enrolment=enrolment)}


def what_is_beside(session: Session, enrolment: Enrolment, module: str) -> BesideLessons:
    """Return what there is to do in a module beside its lessons; nothing where the release of the cohort cannot tell.

    It is for pages that are about something else: they do not fail because of what stands beside them.
    """
    try:
        headway = queries.headway_of(session, enrolment=enrolment, now=utc_now())
    except TrainerError:
        return BesideLessons()
    row = headway.row_of(module)
    best = headway.best_after(module)
    return BesideLessons(
        tasks=tuple(module_task(part, enrolment.id) for part in row.tasks) if row else (),
        following=_outstanding(best, enrolment.id) if best else None,
        done=row is not None and row.state is RowState.MET,
    )


def _outstanding(leaf: Proof, enrolment_id: str) -> Outstanding:
    return Outstanding(
        title=named_leaf(leaf),
        step=leaf.step or leaf.blocked,
        address=address_of(leaf, enrolment_id),
        way=way_to(leaf),
    )


@bp.get("/")
@public
def home() -> ResponseReturnValue:
    """Lead everybody to where they work: the path, the desk, or the front page."""
    if not current_user.is_authenticated:
        return page_for_strangers()
    with reading() as session:
        if any(current_user.holds(role) for role in (Role.DIRECTOR, Role.ADMINISTRATOR)):
            return redirect(address_above(PageAbove.DESK), code=303)
        if current_user.holds(Role.SUPERVISOR):
            return redirect(url_for("examiners.queue"), code=303)
        return _paths(session)


@bp.get("/path/")
@only(Role.TRAINEE)
def paths() -> ResponseReturnValue:
    """Lead a trainee to their path, also one who acts for a programme and therefore starts elsewhere."""
    with reading() as session:
        return _paths(session)


def _paths(session: Session) -> ResponseReturnValue:
    studies = programmes_where(Role.TRAINEE)
    enrolments = [
        enrolment for enrolment in enrolments_of(session, person_id=me().id) if enrolment.programme in studies
    ]
    if len(enrolments) == 1:
        return redirect(url_for(".path", enrolment_id=enrolments[0].id), code=303)
    mine = [(mine, cohort_of(session, mine), queries.title_for_enrolment(session, mine)) for mine in enrolments]
    return show(EnrolmentsPage(enrolments=mine, studied=has_studied(session, person_id=me().id)))


@bp.get("/path/<enrolment_id>")
@only(Role.TRAINEE)
def path(enrolment_id: str) -> ResponseReturnValue:
    """Show the one next step, and how every module stands."""
    now = utc_now()
    with reading() as session:
        enrolment = enrolment_for(session, person_id=me().id, enrolment_id=enrolment_id)
        headway = queries.headway_of(session, enrolment=enrolment, now=now)
        award = award_conferred(session, enrolment, now)
        page = PathPage(
            enrolment=enrolment,
            cohort=cohort_of(session, enrolment),
            headway=headway,
            award=award,
            attempts=attempts_under_way(session, enrolment_id=enrolment.id),
            open_runs=queries.cases_under_way(session, enrolment_id=enrolment.id),
            news=headway.news(now),
            timed=any(leaf.minutes for leaf in leaves(headway.programme.needs)),
            dates=headway.dates(now),
            directors=_to_ask(session, enrolment, headway.proof, decided=stands(award)),
        )
    return show(page)


def _to_ask(session: Session, enrolment: Enrolment, proof: Proof, *, decided: bool) -> Sequence[Contact]:
    """Return the directors whom to ask about what waits for somebody else; nobody, and no query, where nothing does."""
    if (decided or not proof.met) and not any(leaf.blocked for leaf in proof.missing()):
        return ()
    return directors_to_ask(session, person_id=me().id, programme=enrolment.programme)


@bp.get("/path/<enrolment_id>/requirements")
@only(Role.TRAINEE)
def everything(enrolment_id: str) -> ResponseReturnValue:
    """Show the proof tree: everything that the certificate needs, with its evidence."""
    now = utc_now()
    with reading() as session:
        enrolment = enrolment_for(session, person_id=me().id, enrolment_id=enrolment_id)
        cohort = cohort_of(session, enrolment)
        headway = queries.headway_of(session, enrolment=enrolment, now=now)
        decided = stands(award_conferred(session, enrolment, now))
        page = RequirementsPage(
            enrolment=enrolment,
            cohort=cohort,
            headway=headway,
            decided=decided,
            directors=_to_ask(session, enrolment, headway.proof, decided=decided),
            hours=queries.hours_of_programme(session, cohort=cohort),
        )
    return show(page)


@bp.get("/path/<enrolment_id>/results")
@only(Role.TRAINEE)
def results(enrolment_id: str) -> ResponseReturnValue:
    """Show everything that I sent, played or sat to its end, each with the way to its result."""
    with reading() as session:
        enrolment = enrolment_for(session, person_id=me().id, enrolment_id=enrolment_id)
        page = ResultsPage(
            enrolment=enrolment,
            cohort=cohort_of(session, enrolment),
            headway=queries.headway_of(session, enrolment=enrolment, now=utc_now()),
            attempts=attempts_sent(session, enrolment_id=enrolment.id),
        )
    return show(page)
