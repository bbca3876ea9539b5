"""Who acts for a programme, and what was written down about it."""

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
from trainer.accounts.powers import STAFF
from trainer.accounts.words import Role


@dataclass(frozen=True, kw_only=True)
class Held:
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


def ended_role(session: Session, *, number: str, programmes: frozenset[str]) -> Held | None:
    """Return a role in one of these programmes that has ended, by its id as in an address; None where there is none."""
    every = [one for programme in programmes for one in roles_in(session, programme=programme) if one.end]
    return next((one for one in every if str(one.membership.id) == number), None)


def roles_in(session: Session, *, programme: str) -> Sequence[Held]:
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
        Held(membership=one, name=name, email=email, giver=given or "", end=end, ender=ended or "")
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
