"""Whom somebody may erase, and what leads to a person."""

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from trainer.accounts.models import Membership, MembershipEnd, Person
from trainer.accounts.powers import STAFF, a
from trainer.accounts.queries import programmes_of
from trainer.accounts.words import Role
from trainer.certificates.models import Conferral
from trainer.enrolment.models import Enrolment
from trainer.errors import Missing, Refused
from trainer.registry.models import RegistryEntry


def to_erase(session: Session, *, person_id: str, administrator: Person) -> Person:
    """Return a person whom this administrator may erase.

    Raises:
        Missing: there is no such person in a programme that they administer.
        Refused: it is they themselves, somebody who is in another programme as well, or somebody with an office.
    """
    person = session.get(Person, person_id)
    administers = {held.programme for held in administrator.memberships if held.role is Role.ADMINISTRATOR}
    programmes = every_programme_of(session, person) if person else set()
    if person is None or not programmes & administers:
        raise Missing("There is no such person in a programme that you administer.")
    if person.id == administrator.id:
        raise Refused("Nobody erases themselves. Another administrator must.")
    if programmes - administers:
        raise Refused(
            "This person is in a programme that you do not administer. Ask whoever runs this site to erase them, "
            "with `trainer erase`."
        )
    check_no_office(session, person, by=administrator.id)
    return person


def check_no_office(session: Session, person: Person, *, by: str | None) -> None:
    """Let nobody erase alone a person who acts for a programme, since what they decided would lose its name.

    Raises:
        Refused: they hold such a role, or whoever erases them has ended it themselves.
    """
    if held := [membership for membership in person.memberships if membership.role in STAFF]:
        raise Refused(
            f"This person is {a(held[0].role)} of {held[0].programme}. Whoever may end that role must do so first, "
            "on the page Staff."
        )
    ends = select(MembershipEnd.membership_id).join(Membership, Membership.id == MembershipEnd.membership_id)
    ends = ends.where(Membership.person_id == person.id, Membership.role.in_(STAFF), MembershipEnd.ended_by == by)
    if by is not None and session.scalar(ends.limit(1)) is not None:
        raise Refused(
            "You have ended a role of this person yourself. Somebody else must erase them: another administrator, "
            "or whoever runs this site, with `trainer erase`."
        )


def every_programme_of(session: Session, person: Person) -> set[str]:
    """Return the programmes in which a person has, or had, a role or a place."""
    enrolled = session.scalars(select(Enrolment.programme).where(Enrolment.person_id == person.id))
    return programmes_of(session, person_id=person.id) | set(enrolled)


def numbers_of(session: Session, *, person: Person) -> Sequence[str]:
    """Return the numbers of a person's certificates, the oldest first."""
    query = select(RegistryEntry.number).join(Conferral, Conferral.public_id == RegistryEntry.public_id)
    return session.scalars(query.where(Conferral.person_id == person.id).order_by(RegistryEntry.issued_at)).all()
