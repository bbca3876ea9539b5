"""Make cohorts, invite people into them, and let the invited in."""

from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from trainer.accounts import services as accounts
from trainer.accounts.models import Invitation, Person, Role
from trainer.audit.services import note
from trainer.certificates import services as certificates
from trainer.certificates.models import Conferral
from trainer.curriculum.models import Cohort, Enrolment
from trainer.curriculum.services import cohort_of, enrol, release_with
from trainer.db import new_id
from trainer.errors import Missing, Refused
from trainer.requirements.catalogue import catalogue_of
from trainer.requirements.hours import learning
from trainer.requirements.services import leaves, programme_of, proof_for
from trainer.settings import Settings
from trainer.staff import services as staff


def create_cohort(
    session: Session, *, programme: str, name: str, release_hash: str, starts_on: date, by: str | None, now: datetime
) -> Cohort:
    """Add a cohort that follows one release for good.

    Raises:
        Refused: the programme has a cohort of this name.
    """
    named = select(Cohort.id).where(Cohort.programme == programme, Cohort.name == name.strip())
    if session.scalar(named) is not None:
        raise Refused(f"This programme has a cohort “{name.strip()}” already. Give the new one another name.")
    cohort = Cohort(
        id=new_id(),
        programme=programme,
        name=name.strip(),
        release_hash=release_hash,
        starts_on=starts_on,
        created_at=now,
    )
    session.add(cohort)
    session.flush()  # enrolments and invitations refer to the cohort
    note(session, actor_id=by, programme=programme, act="create cohort", subject=cohort.name, now=now)
    return cohort


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


def invite_to(
    session: Session, *, cohort: Cohort, name: str, email: str, by: str, now: datetime
) -> tuple[Invitation, str]:
    """Invite a trainee into a cohort; return the invitation and its secret.

    Raises:
        Refused: this person may not, or whoever is invited is in the cohort or invited into it already.
    """
    return staff.invite(
        session,
        programme=cohort.programme,
        name=name,
        email=email,
        role=Role.TRAINEE,
        cohort=cohort,
        by=by,
        now=now,
    )


def confer(session: Session, *, enrolment: Enrolment, director: Person, settings: Settings, now: datetime) -> Conferral:
    """Keep the director's decision; the worker issues the certificate. Doing it again finds the first decision.

    Raises:
        Refused: not every requirement is met, or this director may not decide.
    """
    cohort = cohort_of(session, enrolment)
    course = catalogue_of(release_with(session, cohort.release_hash)).course
    programme = programme_of(session, cohort)
    proof = proof_for(session, enrolment=enrolment, now=now)
    met = {(leaf.kind, leaf.slug) for leaf in proof.leaves() if leaf.kind and leaf.met}
    return certificates.confer(
        session,
        enrolment=enrolment,
        holder=session.get_one(Person, enrolment.person_id),
        director=director,
        proof=proof,
        programme=programme,
        cohort=cohort,
        learned=learning(course, leaves(programme.needs), met),
        issuer=settings.issuer,
        now=now,
    )


def join(session: Session, *, invitation: Invitation, name: str, password_hash: str, now: datetime) -> Person:
    """Make the account of somebody invited, and let them in.

    Raises:
        Refused: there is already an account with this address.
    """
    person = accounts.create_person(session, email=invitation.email, name=name, password_hash=password_hash, now=now)
    admit(session, invitation=invitation, person=person, now=now)
    return person


def admit(session: Session, *, invitation: Invitation, person: Person, now: datetime) -> None:
    """Use the invitation: give the role, and enrol a trainee in the cohort.

    Raises:
        Refused: the invitation does not hold any more.
    """
    staff.accept(session, invitation=invitation, person=person, now=now)
    cohort = session.get(Cohort, invitation.cohort_id) if invitation.cohort_id else None
    if cohort and invitation.role is Role.TRAINEE:
        enrol(session, person_id=person.id, cohort=cohort, now=now)
