"""Whose name and address may be corrected, and what that would change."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from trainer.accounts.models import Person
from trainer.accounts.queries import check_may_decide, programmes_of
from trainer.accounts.words import Role
from trainer.certificates.models import Certificate, Conferral
from trainer.certificates.queries import certificates_of, waiting
from trainer.enrolment.models import Cohort, Enrolment
from trainer.errors import Missing, Refused
from trainer.registry.queries import statuses_at
from trainer.registry.status import FINAL


def person_for(session: Session, *, person_id: str, official: Person) -> Person:
    """Return somebody whose name and address this director or administrator may correct.

    Raises:
        Missing: there is no such person in a programme whose desk they see.
        Refused: it is they themselves, one of the two owes the other an office, or the person has to do with another
            programme as well.
    """
    person = session.get(Person, person_id)
    mine = {held.programme for held in official.memberships if held.role in (Role.DIRECTOR, Role.ADMINISTRATOR)}
    programmes = programmes_of(session, person_id=person_id)
    if person is None or person.is_erased or not programmes & mine:
        raise Missing("There is no such person in your programmes.")
    check_may_decide(session, decider_id=official.id, about_id=person.id)
    if programmes - mine:
        raise Refused(
            "This person has to do with a programme that is not yours. Ask whoever runs this site: they can correct it."
        )
    return person


def records_of(session: Session, *, person: Person, official: Person) -> Sequence[tuple[str, str]]:
    """Return the person's records on the desk of this director or administrator: id of the enrolment, and cohort."""
    mine = {held.programme for held in official.memberships if held.role in (Role.DIRECTOR, Role.ADMINISTRATOR)}
    query = select(Enrolment.id, Cohort.name).join(Cohort, Cohort.id == Enrolment.cohort_id)
    query = query.where(Enrolment.person_id == person.id, Enrolment.programme.in_(mine))
    return [(one, cohort) for one, cohort in session.execute(query.order_by(Enrolment.enrolled_at, Enrolment.id))]


def objection_to_renaming(session: Session, *, person: Person, now: datetime) -> str:
    """Say in a sentence why a name is not corrected here, or "" where it is.

    A certificate that has ended for good keeps nobody from being called rightly on the next one.
    """
    if waiting(session, person_id=person.id):
        return (
            "A certificate with this name is about to be issued. Wait until it has been, then correct it on its page."
        )
    if _standing(session, person, now):
        return "There is a certificate with this name. Correct it on the certificate's page: that issues a new one."
    return ""


def certificates_to_correct(session: Session, *, person: Person, official: Person, now: datetime) -> Sequence[str]:
    """Return the public ids of the certificates that bear the name and whose pages this director may open."""
    mine = {held.programme for held in official.memberships if held.role is Role.DIRECTOR}
    query = select(Certificate.public_id).join(Conferral, Conferral.id == Certificate.conferral_id)
    of_mine = set(session.scalars(query.where(Conferral.person_id == person.id, Conferral.programme.in_(mine))))
    return [certificate for certificate in _standing(session, person, now) if certificate in of_mine]


def _standing(session: Session, person: Person, now: datetime) -> Sequence[str]:
    certificates = [certificate.public_id for certificate in certificates_of(session, person_id=person.id)]
    standing = statuses_at(session, public_ids=certificates, now=now)
    return [certificate for certificate in certificates if standing[certificate].word not in FINAL]
