"""What the desk shows about people: one row each, never a whole object graph."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import case, distinct, exists, func, select
from sqlalchemy.orm import Session

from trainer.accounts.alphabet import alphabetical
from trainer.accounts.email_addresses import folded_address
from trainer.accounts.models import HELD_NOW, Membership, Person
from trainer.accounts.words import Role
from trainer.certificates.models import STANDS, Certificate, Conferral, ConferralWithdrawal
from trainer.enrolment.models import PLACE_ENDED, Cohort, CohortChange, Enrolment, EnrolmentChange
from trainer.errors import Broken, Missing, Refused
from trainer.moments import written
from trainer.registry.queries import statuses_at
from trainer.registry.status import Word
from trainer.requirements.queries import proofs_for
from trainer.requirements.rules import Proof


@dataclass(frozen=True, kw_only=True)
class CohortRow:
    """One trainee of a cohort.

    Attributes:
        status: the newest certificate's status word, or "" while there is none.
        conferred: the director has decided.
        studies: the person is a trainee of the programme now; otherwise that role has ended.
        ended: their place in the cohort has ended.
        waits: every requirement is met and nobody has decided yet.
    """

    name: str
    enrolment_id: str
    cohort: Cohort
    proof: Proof
    status: str
    conferred: bool
    studies: bool
    ended: bool

    @property
    def waits(self) -> bool:
        """Say whether a decision waits."""
        return self.proof.met and not self.conferred and not self.ended

    @property
    def goes_on(self) -> bool:
        """Say whether the person is on the way: whose place or role has ended is not stuck, but gone."""
        return self.studies and not self.conferred and not self.ended


def rows_of_cohort(session: Session, *, cohort: Cohort, now: datetime) -> Sequence[CohortRow]:
    """Return the trainees of a cohort by name."""
    studies = exists().where(
        Membership.person_id == Person.id,
        Membership.programme == cohort.programme,
        Membership.role == Role.TRAINEE,
        HELD_NOW,
    )
    query = select(Enrolment.id, Person.name, studies, PLACE_ENDED).join(Person, Person.id == Enrolment.person_id)
    found = session.execute(query.where(Enrolment.cohort_id == cohort.id)).all()
    proofs = proofs_for(session, cohort=cohort, enrolment_ids=[one for one, *_ in found], now=now)
    decided = _statuses(session, cohort=cohort, now=now)
    rows = [
        CohortRow(
            name=name,
            enrolment_id=one,
            cohort=cohort,
            proof=proofs[one],
            status=decided.get(one, ""),
            conferred=one in decided,
            studies=studying,
            ended=ended,
        )
        for one, name, studying, ended in found
    ]
    return sorted(rows, key=lambda row: alphabetical(row.name))


def rows_of_all(
    session: Session, *, cohorts: Sequence[Cohort], now: datetime
) -> tuple[Sequence[CohortRow], Mapping[str, str]]:
    """Return the trainees of several cohorts, and by id of each cohort that cannot be read a sentence that says why."""
    rows: list[CohortRow] = []
    unreadable: dict[str, str] = {}
    for cohort in cohorts:
        try:
            rows += rows_of_cohort(session, cohort=cohort, now=now)
        except Broken as broken:
            unreadable[cohort.id] = str(broken)
    return rows, unreadable


def names_in(session: Session, *, cohort: Cohort) -> dict[str, str]:
    """Return the names of a cohort's people by enrolment."""
    query = select(Enrolment.id, Person.name).join(Person, Person.id == Enrolment.person_id)
    return dict(session.execute(query.where(Enrolment.cohort_id == cohort.id)).all())


def _statuses(session: Session, *, cohort: Cohort, now: datetime) -> dict[str, str]:
    """Return the status of everybody's newest certificate, or "" where it still waits to be signed."""
    query = (
        select(Conferral.enrolment_id, Certificate.public_id)
        .outerjoin(Certificate, Certificate.conferral_id == Conferral.id)
        .join(Enrolment, Enrolment.id == Conferral.enrolment_id)
        .where(Enrolment.cohort_id == cohort.id, STANDS)
        .order_by(Certificate.public_id.is_not(None), Certificate.issued_at)
    )
    newest = dict(session.execute(query).all())
    statuses = statuses_at(session, public_ids=[public_id for public_id in newest.values() if public_id], now=now)
    return {one: statuses[public_id].word if public_id else "" for one, public_id in newest.items()}


def seen_of_people(session: Session, *, enrolment_ids: Collection[str]) -> Mapping[str, str]:
    """Return by enrolment a mark of what a page shows about somebody; it changes with every decision about them.

    The name stands in it, since it is what the certificate would say.
    """
    names = select(Enrolment.id, Person.name).join(Person, Person.id == Enrolment.person_id)
    decisions = select(Conferral.enrolment_id, func.count(), func.count(ConferralWithdrawal.conferral_id))
    decisions = decisions.outerjoin(ConferralWithdrawal, ConferralWithdrawal.conferral_id == Conferral.id)
    places = select(EnrolmentChange.enrolment_id, func.count()).group_by(EnrolmentChange.enrolment_id)
    of_these = Conferral.enrolment_id.in_(enrolment_ids)
    found = session.execute(decisions.where(of_these).group_by(Conferral.enrolment_id))
    conferred = {one: f"{count}, {withdrawn}" for one, count, withdrawn in found}
    moved = dict(session.execute(places.where(EnrolmentChange.enrolment_id.in_(enrolment_ids))).all())
    return {
        one: f"{name}, {conferred.get(one, '0, 0')}, {moved.get(one, 0)}"
        for one, name in session.execute(names.where(Enrolment.id.in_(enrolment_ids)))
    }


def cohorts_in(session: Session, *, programmes: frozenset[str]) -> Sequence[tuple[Cohort, int, int]]:
    """Return the cohorts of these programmes with how many people and certificates they have."""
    people = (
        select(
            Enrolment.cohort_id,
            func.count(distinct(Enrolment.id)).label("people"),
            func.count(distinct(case((Certificate.public_id.is_not(None), Enrolment.id)))).label("done"),
        )
        .outerjoin(Conferral, Conferral.enrolment_id == Enrolment.id)
        .outerjoin(Certificate, Certificate.conferral_id == Conferral.id)
        .where(~PLACE_ENDED)
        .group_by(Enrolment.cohort_id)
        .subquery()
    )
    query = (
        select(Cohort, func.coalesce(people.c.people, 0), func.coalesce(people.c.done, 0))
        .outerjoin(people, people.c.cohort_id == Cohort.id)
        .where(Cohort.programme.in_(programmes))
        .order_by(Cohort.starts_on.desc(), Cohort.name)
    )
    return [(cohort, count, done) for cohort, count, done in session.execute(query)]


def changes_of_cohort(session: Session, *, cohort: Cohort) -> Sequence[tuple[CohortChange, str]]:
    """Return what a cohort was called and when it was archived, the newest first, with the name of who decided it."""
    query = select(CohortChange, Person.name).outerjoin(Person, Person.id == CohortChange.decided_by)
    query = query.where(CohortChange.cohort_id == cohort.id).order_by(CohortChange.id.desc())
    return [(change, name or "") for change, name in session.execute(query)]


def changes_of_place(session: Session, *, enrolment: Enrolment) -> Sequence[tuple[EnrolmentChange, str]]:
    """Return how a place ended and was given back, the newest first, with the name of who decided it."""
    query = select(EnrolmentChange, Person.name).outerjoin(Person, Person.id == EnrolmentChange.decided_by)
    query = query.where(EnrolmentChange.enrolment_id == enrolment.id).order_by(EnrolmentChange.id.desc())
    return [(change, name or "") for change, name in session.execute(query)]


def certified_before(session: Session, *, email: str, programme: str, now: datetime) -> Sequence[str]:
    """Say in sentences which certificates of a programme somebody has, or has lost; expired ones do not matter."""
    query = (
        select(Person.name, Certificate.public_id, Certificate.number)
        .join(Conferral, Conferral.id == Certificate.conferral_id)
        .join(Person, Person.id == Conferral.person_id)
        .where(Person.email == folded_address(email), Conferral.programme == programme)
        .order_by(Certificate.issued_at)
    )
    found = session.execute(query).all()
    statuses = statuses_at(session, public_ids=[public_id for _, public_id, _ in found], now=now)
    return [
        f"{name} has had a certificate of this programme: {number}, {status.word}"
        f"{f' ({status.reason_code})' if status.reason_code else ''}, since {written(status.since)}."
        for name, public_id, number in found
        if (status := statuses[public_id]).word not in (Word.EXPIRED, Word.SUPERSEDED, Word.ERASED)
    ]


def places_elsewhere(session: Session, *, email: str, cohort: Cohort) -> Sequence[str]:
    """Say in sentences in which other cohorts of the programme somebody has a place; archived ones do not matter."""
    query = (
        select(Person.name, Cohort.name)
        .join(Enrolment, Enrolment.person_id == Person.id)
        .join(Cohort, Cohort.id == Enrolment.cohort_id)
        .where(Person.email == folded_address(email), Cohort.programme == cohort.programme, Cohort.id != cohort.id)
        .where(~PLACE_ENDED, Cohort.archived_at.is_(None))
        .order_by(Cohort.name)
    )
    return [
        f"{name} has a place in “{other}” already, and would begin here once more; failed tries count on."
        for name, other in session.execute(query)
    ]


def check_name_is_free(session: Session, *, programme: str, name: str, but: str = "") -> None:
    """Let a cohort be called so.

    Args:
        but: the id of the cohort that may have this name already.

    Raises:
        Refused: another cohort of the programme is called the same, be it with other capitals.
    """
    others = select(Cohort.name).where(Cohort.programme == programme, Cohort.id != but)
    for other in session.scalars(others):
        if other.casefold() == name.strip().casefold():
            raise Refused(f"This programme has a cohort “{other}” already. Give this one another name.")


def cohort_for(session: Session, *, cohort_id: str, programmes: frozenset[str]) -> Cohort:
    """Find a cohort of one of these programmes.

    Raises:
        Missing: there is none, or it belongs to another programme.
    """
    cohort = session.get(Cohort, cohort_id)
    if cohort is None or cohort.programme not in programmes:
        raise Missing("There is no such cohort in your programmes.")
    return cohort


def enrolment_in(session: Session, *, enrolment_id: str, programmes: frozenset[str]) -> Enrolment:
    """Find an enrolment in one of these programmes.

    Raises:
        Missing: there is none, or it belongs to another programme.
    """
    enrolment = session.get(Enrolment, enrolment_id)
    if enrolment is None or enrolment.programme not in programmes:
        raise Missing("There is no such person in your programmes.")
    return enrolment
