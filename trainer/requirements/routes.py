"""The start page, and the trainee's path: what is still missing, and why."""

from collections.abc import Sequence

from flask import Blueprint, redirect, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from trainer.accounts.access import me, only, programmes_where, public
from trainer.accounts.words import Role
from trainer.clock import utc_now
from trainer.curriculum.study.prerequisites import Outstanding
from trainer.enrolment.models import Enrolment
from trainer.enrolment.queries import cohort_of, enrolment_for, enrolments_of, has_studied
from trainer.requirements import queries
from trainer.requirements.access import award_conferred, page_for_strangers
from trainer.requirements.pages import EnrolmentsPage, PathPage, address_of
from trainer.requirements.rules import Proof, RequirementKind
from trainer.web import Session, reading
from trainer.web.addresses_above import PageAbove, address_above
from trainer.web.pages import show

bp = Blueprint("requirements", __name__)


def outstanding_before(session: Session, enrolment: Enrolment, kind: str, slug: str) -> Sequence[Outstanding]:
    """Return what comes before this quiz or examination and is not done, each with the way there."""
    missing = queries.missing_before(session, enrolment=enrolment, kind=RequirementKind(kind), slug=slug, now=utc_now())
    return tuple(
        Outstanding(title=_named(leaf), step=leaf.step or leaf.blocked, address=address_of(leaf, enrolment.id))
        for leaf in missing
    )


def asked_for(session: Session, enrolment: Enrolment, kind: str, slug: str) -> bool:
    """Say whether the programme of this enrolment asks for this, be it one of several that it leaves open."""
    return (kind, slug) in {(leaf.kind, leaf.slug) for leaf in queries.what_is_asked_for(session, enrolment=enrolment)}


def what_follows(session: Session, enrolment: Enrolment, module: str) -> Outstanding | None:
    """Return what is best done after something of this module: its quiz, else the next step of the path."""
    proof = queries.readable_proof(session, enrolment=enrolment, now=utc_now())
    if proof is None:
        return None
    quiz = next((leaf for leaf in proof.missing() if (leaf.kind, leaf.slug) == (RequirementKind.QUIZ, module)), None)
    able = quiz is not None and not (quiz.blocked or quiz.first or quiz.not_before)
    following = quiz if able else proof.next_leaf()
    if following is None:
        return None
    return Outstanding(title=_named(following), step=following.step, address=address_of(following, enrolment.id))


def _named(leaf: Proof) -> str:
    """Return the title of a leaf with its kind, as a module and its quiz may have one title."""
    match leaf.kind:
        case RequirementKind.MODULE:
            return f"Module: {leaf.title}"
        case RequirementKind.QUIZ:
            return f"Quiz: {leaf.title}"
        case RequirementKind.CASE:
            return f"Case: {leaf.title}"
        case RequirementKind.WRITTEN:
            return f"Written task: {leaf.title}"
        case _:
            return leaf.title


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
    """Show the proof tree as a path, with the one next step."""
    with reading() as session:
        enrolment = enrolment_for(session, person_id=me().id, enrolment_id=enrolment_id)
        cohort = cohort_of(session, enrolment)
        proof = queries.proof_for(session, enrolment=enrolment, now=utc_now())
        page = PathPage(
            enrolment=enrolment,
            cohort=cohort,
            programme=queries.programme_of(session, enrolment),
            proof=proof,
            award=award_conferred(session, enrolment),
            onward=queries.lesson_to_go_on_with(session, enrolment=enrolment, leaf=proof.next_leaf()),
            sittings=queries.sittings_under_way(session, enrolment=enrolment),
            hours=queries.hours_of_programme(session, cohort=cohort),
            open_runs=queries.cases_under_way(session, enrolment_id=enrolment.id),
        )
    return show(page)
