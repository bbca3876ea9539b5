"""What is known about an account: whether it is open, where it has roles, and about whom it decides nothing."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime

from sqlalchemy import bindparam, or_, select
from sqlalchemy.orm import Session, joinedload

from trainer.accounts.contacts import Contact, Office, contacts_in
from trainer.accounts.email_addresses import folded_address, spellings
from trainer.accounts.lifetimes import Lifetime
from trainer.accounts.models import (
    ERASED,
    HELD_NOW,
    AccountChange,
    IdentityChange,
    Invitation,
    InvitationUse,
    Membership,
    Person,
    SignIn,
)
from trainer.accounts.powers import STAFF, stands_aside_from
from trainer.accounts.tokens import digest_of
from trainer.accounts.words import Role
from trainer.errors import Refused

_BEHIND = (  # asked in every request, so it is put together once
    select(SignIn, Person)
    .join(Person, Person.id == SignIn.person_id)
    .options(joinedload(Person.memberships))
    .where(SignIn.token_hash == bindparam("token_hash"))
)


def anybody(session: Session) -> bool:
    """Say whether anybody has an account here."""
    return session.scalar(select(Person.id).limit(1)) is not None


def names_of(session: Session, *, ids: Iterable[str]) -> Mapping[str, str]:
    """Return the names of people, by id."""
    people = session.execute(select(Person.id, Person.name).where(Person.id.in_(set(ids))))
    return {person.id: person.name for person in people}


def is_closed(session: Session, *, person_id: str) -> bool:
    """Say whether nobody can sign in with this account."""
    newest = select(AccountChange.closed).where(AccountChange.person_id == person_id)
    return bool(session.scalar(newest.order_by(AccountChange.id.desc()).limit(1)))


def stands_aside(session: Session, *, person_id: str) -> frozenset[str]:
    """Return the people about whom this person decides nothing, see `trainer.accounts.powers`."""
    query = select(Membership.granted_by, Membership.person_id).where(
        Membership.role.in_(STAFF), Membership.granted_by.is_not(None)
    )
    return stands_aside_from(person_id, [(giver, receiver) for giver, receiver in session.execute(query)])


def check_may_decide(session: Session, *, decider_id: str, about_id: str) -> None:
    """Let somebody decide about a person.

    Raises:
        Refused: it is they themselves, or one of the two owes the other an office, be it through others.
    """
    if decider_id == about_id:
        raise Refused("Nobody decides about themselves. Somebody else of the programme must.")
    if about_id in stands_aside(session, person_id=decider_id):
        raise Refused(
            "One of you owes the other an office, perhaps through others, so you do not decide about this person. "
            "Somebody else of the programme must."
        )


def others_who_decide(session: Session, *, programme: str, about_id: str, but: str) -> Sequence[str]:
    """Return the ids of the other directors of a programme who may decide about somebody, in the order of their office.

    Args:
        but: the id of the director who is left out.
    """
    query = select(Membership.person_id).where(
        Membership.programme == programme,
        Membership.role == Role.DIRECTOR,
        HELD_NOW,
        Membership.person_id.not_in({but, about_id, *stands_aside(session, person_id=about_id)}),
    )
    return session.scalars(query.order_by(Membership.id)).all()


def programmes_of(session: Session, *, person_id: str) -> set[str]:
    """Return the programmes in which the person holds a role, or has held one."""
    return set(session.scalars(select(Membership.programme).where(Membership.person_id == person_id)))


def serves_wholly(session: Session, *, official: Person, person_id: str) -> bool:
    """Say whether somebody directs or administers every programme that another person has to do with."""
    offices = {held.programme for held in official.memberships if held.role in (Role.DIRECTOR, Role.ADMINISTRATOR)}
    return programmes_of(session, person_id=person_id) <= offices


def identity_changes(session: Session, *, person_id: str) -> Sequence[tuple[IdentityChange, str]]:
    """Return what was corrected in a person's name and address, the newest first, each with who decided it."""
    query = select(IdentityChange, Person.name).outerjoin(Person, Person.id == IdentityChange.decided_by)
    found = session.execute(query.where(IdentityChange.person_id == person_id).order_by(IdentityChange.id.desc()))
    return [(change, name or "") for change, name in found]


def people_to_ask(session: Session, *, person_id: str, programme: str | None = None) -> Sequence[Contact]:
    """Return those whom a person asks, by name; their addresses only where the person is in the programme now.

    Args:
        programme: the people of this one only; None for those of all with which the person has or had to do.
    """
    now = select(Membership.programme).where(Membership.person_id == person_id, HELD_NOW)
    query = select(Person.id, Person.name, Person.email, Membership.role, Membership.programme.in_(now))
    theirs = query.join(Membership, Membership.person_id == Person.id).where(
        Membership.programme.in_([programme] if programme else programmes_of(session, person_id=person_id)),
        Membership.role.in_(STAFF),
        HELD_NOW,
        Person.id != person_id,
        Person.email.not_like(f"%{ERASED}"),
    )
    return contacts_in(Office(*row) for row in session.execute(theirs))


def directors_to_ask(session: Session, *, person_id: str, programme: str) -> Sequence[Contact]:
    """Return the directors of a programme whom a person asks, by name."""
    people = people_to_ask(session, person_id=person_id, programme=programme)
    return [contact for contact in people if contact.directs]


def invitations_to(session: Session, *, person: Person) -> Sequence[Invitation]:
    """Return the invitations that went to a person's address, and those that they used."""
    used = select(InvitationUse.invitation_id).where(InvitationUse.person_id == person.id)
    query = select(Invitation).where(or_(Invitation.email == person.email, Invitation.id.in_(used)))
    return session.scalars(query.order_by(Invitation.created_at)).all()


def person_by_email(session: Session, email: str) -> Person | None:
    """Find a person by address, whatever its capitals, and however its host is written."""
    forms = spellings(email)
    found = session.scalars(select(Person).where(Person.email.in_(forms))).all()
    return min(found, key=lambda person: forms.index(person.email), default=None)


def person_at_the_door(session: Session, email: str) -> Person | None:
    """Find the person who signs in with an address; an account from before 0.2 is kept under its folded form."""
    return person_by_email(session, email) or session.scalar(
        select(Person).where(Person.email == folded_address(email))
    )


def sign_in_behind(session: Session, *, token: str, lifetime: Lifetime, now: datetime) -> tuple[SignIn, Person] | None:
    """Return the open sign-in behind a cookie, with its person."""
    found = session.execute(_BEHIND, {"token_hash": digest_of(token)}).unique().one_or_none()
    if found is None or found[0].ended_at or not lifetime.holds(found[0].started_at, found[0].seen_at, now):
        return None
    return found[0], found[1]


def person_once_behind(session: Session, *, token: str) -> str | None:
    """Return the id of the person whom a cookie signed in, even when that has ended."""
    return session.scalar(select(SignIn.person_id).where(SignIn.token_hash == digest_of(token)))


def open_sign_ins(session: Session, *, person_id: str, lifetime: Lifetime, now: datetime) -> Sequence[SignIn]:
    """List where the person is signed in, the newest use first."""
    query = select(SignIn).where(SignIn.person_id == person_id, SignIn.ended_at.is_(None))
    found = session.scalars(query.order_by(SignIn.seen_at.desc())).all()
    return [sign_in for sign_in in found if lifetime.holds(sign_in.started_at, sign_in.seen_at, now)]
