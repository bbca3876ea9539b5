"""People come by invitation, sign in, and sign out everywhere if they wish."""

import secrets
from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import delete, func, or_, select, update
from sqlalchemy.orm import Session

from trainer.accounts.door.attempt import tried_about
from trainer.accounts.email_addresses import BadAddress, kept, mailable
from trainer.accounts.lifetimes import KEPT_AFTER_THE_END, Lifetime
from trainer.accounts.models import (
    BeingErased,
    Invitation,
    InvitationUse,
    InvitationWithdrawal,
    Membership,
    Person,
    SignIn,
)
from trainer.accounts.offers import OfferedRole
from trainer.accounts.queries import is_closed, person_by_email
from trainer.accounts.queries import programmes_of as held_in
from trainer.accounts.tokens import digest_of
from trainer.accounts.words import Role, RoleOrigin
from trainer.audit.services import note
from trainer.db import new_id
from trainer.errors import Missing, Refused
from trainer.moments import written
from trainer.web import brakes

INVITATION_LASTS = timedelta(days=14)
SEEN_EVERY = timedelta(minutes=5)


def create_person(session: Session, *, email: str, name: str, password_hash: str, now: datetime) -> Person:
    """Add a person.

    Args:
        password_hash: made by `passwords.hashed` before the transaction began, which must not wait for it.

    Raises:
        Refused: the address is in use.
    """
    if person_by_email(session, email) is not None:
        raise Refused("There is already an account with this address. Sign in with it instead.")
    person = Person(id=new_id(), email=kept(email), name=name.strip(), password_hash=password_hash, created_at=now)
    person.memberships = []
    session.add(person)
    session.flush()  # memberships and enrolments refer to the person
    return person


def lock_account(session: Session, *, person_id: str) -> None:
    """Let nobody else change this account or its roles until the transaction ends: of two at once one comes second."""
    session.execute(select(Person.id).where(Person.id == person_id).with_for_update(key_share=True))


def grant(
    session: Session,
    *,
    person: Person,
    programme: str,
    role: Role,
    by: str | None = None,
    way: RoleOrigin = RoleOrigin.GIVEN,
    now: datetime,
) -> None:
    """Give the person a role in a programme; where they hold it already, nothing changes. Whether it may be given is
    for `trainer.accounts.powers` to say.
    """
    lock_account(session, person_id=person.id)
    session.refresh(person, ["memberships"])
    if any(held.programme == programme and held.role == role for held in person.memberships):
        return
    mine = Membership.person_id == person.id, Membership.programme == programme, Membership.role == role
    number = (session.scalar(select(func.count()).where(*mine)) or 0) + 1
    person.memberships.append(
        Membership(programme=programme, role=role, number=number, granted_at=now, granted_by=by, way=way)
    )
    session.flush()  # the unique constraint speaks now rather than at the end


def make_invitation(
    session: Session, *, email: str, name: str, into: OfferedRole, invited_by: str | None, now: datetime
) -> tuple[Invitation, str]:
    """Make an invitation and return it with its secret, which is shown once and never stored.

    Raises:
        Refused: no letter can be sent to the address.
    """
    try:
        mailable(email.strip())
    except BadAddress as error:
        raise Refused(f"{email.strip()[:80]!r} cannot be mailed. {error}") from error
    token = secrets.token_urlsafe(24)
    invitation = Invitation(
        id=new_id(),
        token_hash=digest_of(token),
        email=kept(email),
        name=name.strip(),
        programme=into.programme,
        role=into.role,
        cohort_id=into.cohort_id,
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
    query = select(Invitation).where(Invitation.token_hash == digest_of(token))
    invitation = session.scalar(query.with_for_update() if to_use else query)
    if invitation is None:
        raise Missing("This invitation link is not complete or not ours. Copy the whole link from the message.")
    if session.get(InvitationUse, invitation.id):
        raise Refused("This invitation has been used. If it was you, just sign in.")
    if session.get(InvitationWithdrawal, invitation.id):
        raise Refused("This invitation was taken back. Ask your programme director if you think that is a mistake.")
    if now >= invitation.expires_at:
        raise Refused(
            f"This invitation ended on {written(invitation.expires_at)}. Ask your programme director for a new one."
        )
    return invitation


def take_invitation_back(session: Session, *, invitation: Invitation, by: str, now: datetime) -> bool:
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
        way=RoleOrigin.INVITATION,
        now=now,
    )


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
            token_hash=digest_of(token),
            person_id=person_id,
            browser=browser[:200],
            started_at=now,
            seen_at=now,
        )
    )
    return token


def note_seen(session: Session, *, sign_in_id: str, now: datetime) -> None:
    """Remember that the sign-in is in use."""
    if sign_in := session.get(SignIn, sign_in_id):
        sign_in.seen_at = now


def end_outlived(session: Session, *, lifetime: Lifetime, now: datetime) -> None:
    """End the sign-ins whose time is over, and delete those that ended long ago."""
    session.execute(delete(SignIn).where(SignIn.seen_at < now - lifetime.limit - KEPT_AFTER_THE_END))
    outlived = or_(SignIn.seen_at < now - lifetime.idle, SignIn.started_at <= now - lifetime.limit)
    session.execute(update(SignIn).where(SignIn.ended_at.is_(None), outlived).values(ended_at=now))


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
    others = (SignIn.person_id == person_id, SignIn.ended_at.is_(None), SignIn.id != (keep or ""))
    session.execute(update(SignIn).where(*others).values(ended_at=now))


def hold_unchanged(session: Session, *, person: Person) -> None:
    """Make sure that the password which was just compared is still the person's, until the transaction ends.

    Raises:
        Refused: it was changed in between.
    """
    kept = session.scalar(select(Person.password_hash).where(Person.id == person.id).with_for_update(key_share=True))
    if kept != person.password_hash:
        raise Refused("Your password was changed a moment ago. Please sign in with the new one.")


def renew_hash(session: Session, *, person: Person, renewed: str) -> None:
    """Keep the same password under a hash of today's kind, unless it was changed a moment ago."""
    held = (Person.id == person.id, Person.password_hash == person.password_hash)
    session.execute(update(Person).where(*held).values(password_hash=renewed))
    person.password_hash = renewed


def change_password(session: Session, *, person_id: str, password_hash: str, keep: str | None, now: datetime) -> None:
    """Set a new password and end every other sign-in."""
    person = session.get_one(Person, person_id)
    person.password_hash = password_hash
    end_other_sign_ins(session, person_id=person_id, keep=keep, now=now)


def replace_password(session: Session, *, person: Person, password_hash: str, now: datetime) -> None:
    """Give somebody who has lost their password another one; what strangers tried before slows nobody down any more."""
    change_password(session, person_id=person.id, password_hash=password_hash, keep=None, now=now)
    brakes.forget_tries(session, about=tried_about(person.email))
    for programme in sorted(held_in(session, person_id=person.id)):
        act, subject = "set a new password", person.email
        note(session, actor_id=None, programme=programme, act=act, subject=subject, now=now)


def programmes_concerned(person: Person) -> Sequence[str]:
    """Return the programmes in which something about the person is written down; "" for somebody in none."""
    return sorted({held.programme for held in person.memberships}) or [""]


def begin_to_erase(session: Session, *, person: Person) -> None:
    """Let the database give up this transaction what it keeps as evidence."""
    session.add(BeingErased(person_id=person.id))
    session.flush()


def end_erasing(session: Session, *, person: Person) -> None:
    """Close again what `begin_to_erase` has opened."""
    session.flush()  # what is still to be written needs it open
    session.execute(delete(BeingErased).where(BeingErased.person_id == person.id))
