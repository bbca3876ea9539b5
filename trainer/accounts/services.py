"""People come by invitation, sign in, and sign out everywhere if they wish."""

import hashlib
import secrets
from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, bindparam, delete, func, or_, select
from sqlalchemy.orm import Session, joinedload

from trainer.accounts.models import (
    ERASED,
    AccountChange,
    BeingErased,
    FailedSignIn,
    Invitation,
    InvitationUse,
    InvitationWithdrawal,
    Membership,
    MembershipEnd,
    Person,
    Role,
    SignIn,
    Way,
)
from trainer.accounts.passwords import NOBODYS, hashed, matches
from trainer.accounts.queries import is_closed
from trainer.db import new_id
from trainer.errors import Missing, Refused

INVITATION_LASTS = timedelta(days=14)
THROTTLE_WINDOW = timedelta(minutes=15)
TRIES_PER_ADDRESS = 8
TRIES_PER_NETWORK = 60
SEEN_EVERY = timedelta(minutes=5)


def _digest(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()


def folded(email: str) -> str:
    """Return the address in the one form in which it is kept."""
    return email.strip().casefold()


def create_person(session: Session, *, email: str, name: str, password: str, now: datetime) -> Person:
    """Add a person.

    Raises:
        Refused: the address is in use.
    """
    if session.scalar(select(Person.id).where(Person.email == folded(email))):
        raise Refused("There is already an account with this address. Sign in with it instead.")
    person = Person(id=new_id(), email=folded(email), name=name.strip(), password_hash=hashed(password), created_at=now)
    person.memberships = []
    session.add(person)
    session.flush()  # memberships and enrolments refer to the person
    return person


def hold(session: Session, *, person_id: str) -> None:
    """Let nobody else change this account or its roles until the transaction ends: of two at once one comes second."""
    session.execute(select(Person.id).where(Person.id == person_id).with_for_update(key_share=True))


def grant(
    session: Session,
    *,
    person: Person,
    programme: str,
    role: Role,
    by: str | None = None,
    way: Way = Way.GIVEN,
    now: datetime,
) -> None:
    """Give the person a role in a programme; where they hold it already, nothing changes. Whether it may be given is
    for `trainer.accounts.powers` to say.
    """
    hold(session, person_id=person.id)
    session.refresh(person, ["memberships"])
    if any(held.programme == programme and held.role == role for held in person.memberships):
        return
    mine = Membership.person_id == person.id, Membership.programme == programme, Membership.role == role
    number = (session.scalar(select(func.count()).where(*mine)) or 0) + 1
    person.memberships.append(
        Membership(programme=programme, role=role, number=number, granted_at=now, granted_by=by, way=way)
    )
    session.flush()  # the unique constraint speaks now rather than at the end


def invite(
    session: Session,
    *,
    email: str,
    name: str,
    programme: str,
    role: Role,
    cohort_id: str | None,
    invited_by: str | None,
    now: datetime,
) -> tuple[Invitation, str]:
    """Make an invitation and return it with its secret, which is shown once and never stored."""
    token = secrets.token_urlsafe(24)
    invitation = Invitation(
        id=new_id(),
        token_hash=_digest(token),
        email=folded(email),
        name=name.strip(),
        programme=programme,
        role=role,
        cohort_id=cohort_id,
        invited_by=invited_by,
        created_at=now,
        expires_at=now + INVITATION_LASTS,
    )
    session.add(invitation)
    return invitation, token


def open_invitation(session: Session, *, token: str, now: datetime, to_use: bool = False) -> Invitation:
    """Find the invitation behind a link.

    Args:
        to_use: hold it until the transaction ends, so that of two clicks at once one comes second.

    Raises:
        Missing: no invitation has this link.
        Refused: it was used or taken back, or it is too old.
    """
    query = select(Invitation).where(Invitation.token_hash == _digest(token))
    invitation = session.scalar(query.with_for_update() if to_use else query)
    if invitation is None:
        raise Missing("This invitation link is not complete or not ours. Copy the whole link from the message.")
    if session.get(InvitationUse, invitation.id):
        raise Refused("This invitation has been used. If it was you, just sign in.")
    if session.get(InvitationWithdrawal, invitation.id):
        raise Refused("This invitation was taken back. Ask your programme director if you think that is a mistake.")
    if now >= invitation.expires_at:
        raise Refused(
            f"This invitation ended on {invitation.expires_at:%-d %B %Y}. Ask your programme director for a new one."
        )
    return invitation


def withdraw_invitation(session: Session, *, invitation: Invitation, by: str, now: datetime) -> bool:
    """Take an invitation back; say False when it was taken back before.

    Raises:
        Refused: somebody has used it.
    """
    if session.get(InvitationUse, invitation.id):
        raise Refused("This invitation has been used already, so it cannot be taken back.")
    if session.get(InvitationWithdrawal, invitation.id):
        return False
    session.add(InvitationWithdrawal(invitation_id=invitation.id, withdrawn_by=by, withdrawn_at=now))
    return True


def use_invitation(session: Session, *, invitation: Invitation, person: Person, now: datetime) -> None:
    """Mark the invitation as used and give the person its role."""
    session.add(InvitationUse(invitation_id=invitation.id, person_id=person.id, used_at=now))
    grant(
        session,
        person=person,
        programme=invitation.programme,
        role=invitation.role,
        by=invitation.invited_by,
        way=Way.INVITATION,
        now=now,
    )


def person_by_email(session: Session, email: str) -> Person | None:
    """Find a person by address, whatever its capitals."""
    return session.scalar(select(Person).where(Person.email == folded(email)))


def check_password(session: Session, *, email: str, password: str, network: str, now: datetime) -> Person | None:
    """Return the person if the password is right. A wrong one is noted, and too many are refused.

    Raises:
        Refused: too many wrong passwords from this address or network in the last 15 minutes.
    """
    keys = {_digest(f"email {folded(email)}"): TRIES_PER_ADDRESS, _digest(f"network {network}"): TRIES_PER_NETWORK}
    for key, tries in keys.items():
        failed = select(func.count()).where(FailedSignIn.key == key, FailedSignIn.at > now - THROTTLE_WINDOW)
        if (session.scalar(failed) or 0) >= tries:
            raise Refused("There were many wrong passwords. Please wait 15 minutes, then try again.")
    person = person_by_email(session, email)
    if matches(password, person.password_hash if person else None):
        return person
    session.execute(delete(FailedSignIn).where(FailedSignIn.at < now - 4 * THROTTLE_WINDOW))
    session.add_all(FailedSignIn(key=key, at=now) for key in keys)
    return None


def start_sign_in(session: Session, *, person_id: str, browser: str, now: datetime) -> str:
    """Open a sign-in and return the secret for its cookie; only the hash is kept.

    Raises:
        Refused: the account is closed.
    """
    if is_closed(session, person_id=person_id):
        raise Refused("This account is closed. Ask an administrator of your programme if you think that is a mistake.")
    token = secrets.token_urlsafe(32)
    session.add(
        SignIn(
            id=new_id(),
            token_hash=_digest(token),
            person_id=person_id,
            browser=browser[:200],
            started_at=now,
            seen_at=now,
        )
    )
    return token


_BEHIND = (  # asked in every request, so it is put together once
    select(SignIn, Person)
    .join(Person, Person.id == SignIn.person_id)
    .options(joinedload(Person.memberships))
    .where(SignIn.token_hash == bindparam("token_hash"), SignIn.ended_at.is_(None))
)


def sign_in_behind(session: Session, *, token: str, idle: timedelta, now: datetime) -> tuple[SignIn, Person] | None:
    """Return the open sign-in behind a cookie, with its person."""
    found = session.execute(_BEHIND, {"token_hash": _digest(token)}).unique().one_or_none()
    if found is None or now - found[0].seen_at > idle:
        return None
    return found[0], found[1]


def note_seen(session: Session, *, sign_in_id: str, now: datetime) -> None:
    """Remember that the sign-in is in use."""
    if sign_in := session.get(SignIn, sign_in_id):
        sign_in.seen_at = now


def open_sign_ins(session: Session, *, person_id: str) -> Sequence[SignIn]:
    """List where the person is signed in, the newest use first."""
    query = select(SignIn).where(SignIn.person_id == person_id, SignIn.ended_at.is_(None))
    return session.scalars(query.order_by(SignIn.seen_at.desc())).all()


def end_sign_in(session: Session, *, person_id: str, sign_in_id: str, now: datetime) -> None:
    """Sign the person out in one place.

    Raises:
        Missing: the person has no such sign-in.
    """
    sign_in = session.get(SignIn, sign_in_id)
    if sign_in is None or sign_in.person_id != person_id:
        raise Missing("There is no such sign-in of yours.")
    sign_in.ended_at = sign_in.ended_at or now


def end_other_sign_ins(session: Session, *, person_id: str, keep: str | None, now: datetime) -> None:
    """Sign the person out everywhere but in one place."""
    for sign_in in open_sign_ins(session, person_id=person_id):
        if sign_in.id != keep:
            sign_in.ended_at = now


def change_password(session: Session, *, person_id: str, password: str, keep: str | None, now: datetime) -> None:
    """Set a new password and end every other sign-in."""
    person = session.get_one(Person, person_id)
    person.password_hash = hashed(password)
    end_other_sign_ins(session, person_id=person_id, keep=keep, now=now)


def names_invited_as(session: Session, *, person: Person) -> Sequence[str]:
    """Return the names under which a person was invited."""
    return session.scalars(select(Invitation.name).where(_to(person))).all()


def forget(session: Session, *, person: Person) -> None:
    """Delete everything about an account but its row, to which decisions about others point, and blank that."""
    invitations = session.scalars(select(Invitation.id).where(_to(person))).all()
    session.execute(delete(InvitationWithdrawal).where(InvitationWithdrawal.invitation_id.in_(invitations)))
    session.execute(delete(InvitationUse).where(InvitationUse.invitation_id.in_(invitations)))
    session.execute(delete(Invitation).where(Invitation.id.in_(invitations)))
    session.execute(delete(SignIn).where(SignIn.person_id == person.id))
    session.execute(delete(FailedSignIn).where(FailedSignIn.key == _digest(f"email {person.email}")))
    session.execute(delete(AccountChange).where(AccountChange.person_id == person.id))
    roles = select(Membership.id).where(Membership.person_id == person.id)
    session.execute(delete(MembershipEnd).where(MembershipEnd.membership_id.in_(roles)))
    session.execute(delete(Membership).where(Membership.person_id == person.id))
    session.refresh(person, ["memberships"])
    person.email, person.name = f"{person.id}{ERASED}", "(erased)"
    person.password_hash = NOBODYS


def begin_to_erase(session: Session, *, person: Person) -> None:
    """Let the database give up this transaction what it keeps as evidence."""
    session.add(BeingErased(person_id=person.id))
    session.flush()


def end_erasing(session: Session, *, person: Person) -> None:
    """Close again what `begin_to_erase` has opened."""
    session.flush()  # what is still to be written needs it open
    session.execute(delete(BeingErased).where(BeingErased.person_id == person.id))


def _to(person: Person) -> ColumnElement[bool]:
    used = select(InvitationUse.invitation_id).where(InvitationUse.person_id == person.id)
    return or_(Invitation.email == person.email, Invitation.id.in_(used))
