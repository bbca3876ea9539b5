"""Who acts for a programme, and what was written down about it."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Select, select
from sqlalchemy.orm import Session, aliased

from trainer.accounts.models import (
    HELD_NOW,
    AccountChange,
    Invitation,
    InvitationUse,
    InvitationWithdrawal,
    Membership,
    MembershipEnd,
    Person,
)
from trainer.accounts.powers import NEVER_WITHOUT, STAFF, Official, objection_to_ending
from trainer.accounts.queries import person_by_email, programmes_of
from trainer.accounts.words import Role
from trainer.enrolment.queries import newest_release
from trainer.errors import Broken, Missing, Refused
from trainer.requirements.catalogue import catalogue_of

AN_ID = re.compile("[0-9]{1,9}")
THE_SITE = Official(person_id=None)
"""Whoever runs the site, by the command line."""


@dataclass(frozen=True, kw_only=True)
class HeldRole:
    """A role of somebody, with who gave it, and how it ended where it has.

    Attributes:
        giver: the name of who gave it, or "" for whoever runs the site, or where it was not kept.
        ender: the same for the end.
    """

    membership: Membership
    name: str
    email: str
    giver: str
    end: MembershipEnd | None
    ender: str


def ended_role(session: Session, *, number: str, programmes: frozenset[str]) -> HeldRole | None:
    """Return a role in one of these programmes that has ended, by its id as in an address; None where there is none."""
    every = [role for programme in programmes for role in roles_in(session, programme=programme) if role.end]
    return next((membership for membership in every if str(membership.membership.id) == number), None)


def roles_in(session: Session, *, programme: str) -> Sequence[HeldRole]:
    """Return every role that is or was held in a programme, but those of trainees who still are: cohorts show them.

    Roles that are held now come first, then the others, the last ended first.
    """
    giver, ender = aliased(Person), aliased(Person)
    query = (
        select(Membership, Person.name, Person.email, giver.name, MembershipEnd, ender.name)
        .join(Person, Person.id == Membership.person_id)
        .outerjoin(giver, giver.id == Membership.granted_by)
        .outerjoin(MembershipEnd, MembershipEnd.membership_id == Membership.id)
        .outerjoin(ender, ender.id == MembershipEnd.ended_by)
        .where(
            Membership.programme == programme,
            Membership.role.in_(STAFF) | MembershipEnd.membership_id.is_not(None),
        )
        .order_by(MembershipEnd.ended_at.is_not(None), MembershipEnd.ended_at.desc(), Person.name, Membership.id)
    )
    return [
        HeldRole(membership=one, name=name, email=email, giver=given or "", end=end, ender=ended or "")
        for one, name, email, given, end, ended in session.execute(query)
    ]


def unused_invitations(*, now: datetime) -> Select[Invitation]:
    """Return the query for invitations that nobody has used or taken back and that are not too old."""
    return (
        select(Invitation)
        .outerjoin(InvitationUse, InvitationUse.invitation_id == Invitation.id)
        .outerjoin(InvitationWithdrawal, InvitationWithdrawal.invitation_id == Invitation.id)
        .where(
            InvitationUse.invitation_id.is_(None),
            InvitationWithdrawal.invitation_id.is_(None),
            Invitation.expires_at > now,
        )
        .order_by(Invitation.created_at)
    )


def account_changes(session: Session, *, person_id: str) -> Sequence[tuple[AccountChange, str]]:
    """Return how an account was closed and opened, the newest first, each with the name of who decided it, or ""."""
    query = select(AccountChange, Person.name).outerjoin(Person, Person.id == AccountChange.decided_by)
    query = query.where(AccountChange.person_id == person_id).order_by(AccountChange.id.desc())
    return [(change, name or "") for change, name in session.execute(query)]


def trainee_role_of(session: Session, *, person_id: str, programme: str) -> Membership | None:
    """Return the role by which somebody studies in a programme, if they hold it now."""
    query = select(Membership).where(Membership.person_id == person_id, Membership.programme == programme)
    return session.scalar(query.where(Membership.role == Role.TRAINEE, HELD_NOW))


def official_in(session: Session, *, person_id: str | None, programme: str) -> Official:
    """Return somebody with the roles that they hold in a programme at this moment; None is the command line."""
    if person_id is None:
        return THE_SITE
    held = select(Membership.role).where(Membership.person_id == person_id, Membership.programme == programme, HELD_NOW)
    return Official(person_id=person_id, roles=frozenset(session.scalars(held)))


def known_in(session: Session, *, email: str, programme: str) -> Person | None:
    """Return the person with this address, if the programme has to do with them."""
    person = person_by_email(session, email)
    if person and programme in programmes_of(session, person_id=person.id):
        return person
    return None


def role_in(session: Session, *, number: str, programmes: frozenset[str]) -> tuple[Membership, Person]:
    """Return a role that somebody holds now in one of these programmes, by its id as in an address, and who it is.

    Raises:
        Missing: there is none, it has ended, or it belongs to another programme.
    """
    query = select(Membership, Person).join(Person, Person.id == Membership.person_id)
    found = None
    if AN_ID.fullmatch(number):
        found = session.execute(query.where(Membership.id == int(number), HELD_NOW)).first()
    if found is None or found[0].programme not in programmes:
        raise Missing("Nobody holds such a role in your programmes.")
    return found[0], found[1]


def is_last(session: Session, *, membership: Membership) -> bool:
    """Say whether this role is the last of a kind that the programme is not meant to be without."""
    return membership.role in NEVER_WITHOUT and not _others(session, membership)


def leaves_no_examiner(session: Session, *, membership: Membership) -> bool:
    """Say whether this is the last supervisor of the programme; the role may be ended, but flags then wait."""
    return membership.role is Role.SUPERVISOR and not _others(session, membership)


def _others(session: Session, membership: Membership) -> Sequence[int]:
    """Return the ids of the other roles of this kind that are held in the programme now."""
    same = select(Membership.id).where(
        Membership.programme == membership.programme, Membership.role == membership.role, HELD_NOW
    )
    return [other for other in session.scalars(same) if other != membership.id]


def check_may_end(session: Session, *, membership: Membership, by: str | None) -> None:
    """Let somebody end a role.

    Raises:
        Refused: they may not, or it is the last of a kind that the programme needs.
    """
    others = _others(session, membership)
    official = official_in(session, person_id=by, programme=membership.programme)
    if objection := objection_to_ending(official, membership.role, of=membership.person_id, left=len(others)):
        raise Refused(objection)


def title_in_newest_release(session: Session, *, programme: str) -> str:
    """Return what a programme is called in the newest release; where there is none that can be read, its slug."""
    try:
        known = catalogue_of(newest_release(session)).programmes
    except (Missing, Broken):
        return programme
    return known[programme].title if programme in known else programme
