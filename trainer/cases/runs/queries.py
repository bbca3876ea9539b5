"""What can be asked about runs without changing anything."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import bindparam, select
from sqlalchemy.orm import Session

from trainer.accounts.models import ERASED, HELD_NOW, Membership, Person
from trainer.accounts.words import Role
from trainer.cases.runs.models import Accommodation, CaseEnding, CaseRun
from trainer.cases.runs.words import Purpose
from trainer.enrolment.models import Enrolment


@dataclass(frozen=True)
class Granted:
    """A decision about somebody's time limits, and the name of who decided."""

    decision: Accommodation
    by: str


def decisions_about_time(session: Session, *, enrolment_id: str) -> Sequence[Granted]:
    """Return every decision about one trainee's time limits, the newest first: that one counts."""
    query = (
        select(Accommodation, Person.name)
        .join(Person, Person.id == Accommodation.decided_by)
        .where(Accommodation.enrolment_id == enrolment_id)
        .order_by(Accommodation.at.desc(), Accommodation.id.desc())
    )
    return [Granted(decision, name) for decision, name in session.execute(query)]


def factor_of(session: Session, *, enrolment_id: str) -> int:
    """Return how long somebody's limits are, in per cent of what is written: 100, or as decided; 0 for none at all."""
    newest = (
        select(Accommodation.factor)
        .where(Accommodation.enrolment_id == enrolment_id)
        .order_by(Accommodation.at.desc(), Accommodation.id.desc())
    )
    factor = session.scalar(newest.limit(1))
    return 100 if factor is None else factor


def open_runs(session: Session, *, enrolment_id: str) -> Sequence[CaseRun]:
    """Return the practice runs that have been begun and not ended, the newest first."""
    query = (
        select(CaseRun)
        .outerjoin(CaseEnding, CaseEnding.run_id == CaseRun.id)
        .where(CaseRun.enrolment_id == enrolment_id, CaseRun.purpose == Purpose.PRACTICE, CaseEnding.run_id.is_(None))
    )
    return session.scalars(query.order_by(CaseRun.started_at.desc(), CaseRun.id)).all()


# Asked at every step, so it is put together once; by enrolment, because that is what the runs are indexed by.
_UNDER_EXAMINATION = (
    select(CaseRun)
    .outerjoin(CaseEnding, CaseEnding.run_id == CaseRun.id)
    .where(
        CaseRun.enrolment_id.in_(select(Enrolment.id).where(Enrolment.person_id == bindparam("person"))),
        CaseRun.case_slug == bindparam("slug"),
        CaseRun.purpose == Purpose.EXAM,
        CaseEnding.run_id.is_(None),
    )
    .order_by(CaseRun.started_at, CaseRun.id)
    .limit(1)
)


def run_under_examination(session: Session, *, person_id: str, slug: str) -> CaseRun | None:
    """Return the run in which somebody is being examined in this case at the moment, in whatever cohort, or None."""
    return session.scalars(_UNDER_EXAMINATION, {"person": person_id, "slug": slug}).first()


def people_to_turn_to(session: Session, *, programme: str) -> Sequence[tuple[str, Role]]:
    """Return the supervisors and directors of a programme by name: whom its trainees may talk to."""
    query = (
        select(Person.name, Membership.role)
        .join(Person, Person.id == Membership.person_id)
        .where(
            HELD_NOW,
            Membership.programme == programme,
            Membership.role.in_([Role.SUPERVISOR, Role.DIRECTOR]),
            Person.email.not_like(f"%{ERASED}"),
        )
    )
    return [(name, role) for name, role in session.execute(query.order_by(Membership.role.desc(), Person.name))]
