"""Who was invited, and what became of it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from sqlalchemy import select
from sqlalchemy.orm import Session

from trainer.accounts.models import Invitation, InvitationUse, InvitationWithdrawal
from trainer.accounts.powers import STAFF
from trainer.errors import Missing


class State(StrEnum):
    """What has become of an invitation."""

    OPEN = "open"
    USED = "used"
    EXPIRED = "expired"
    WITHDRAWN = "taken back"


@dataclass(frozen=True, kw_only=True)
class Invited:
    """The newest invitation of one address to one role, and what has become of it.

    Attributes:
        since: when it was used, taken back or ran out; while it is open, until when it works.
    """

    invitation: Invitation
    state: State
    since: datetime


def invited_into(session: Session, *, programme: str, cohort_id: str | None = None, now: datetime) -> Sequence[Invited]:
    """Return everybody who was invited into a cohort, or without one to act for a programme, the newest first."""
    query = (
        select(Invitation, InvitationUse.used_at, InvitationWithdrawal.withdrawn_at)
        .outerjoin(InvitationUse, InvitationUse.invitation_id == Invitation.id)
        .outerjoin(InvitationWithdrawal, InvitationWithdrawal.invitation_id == Invitation.id)
        .where(Invitation.programme == programme, Invitation.cohort_id == cohort_id)
        .order_by(Invitation.created_at.desc(), Invitation.id.desc())
    )
    if cohort_id is None:
        query = query.where(Invitation.role.in_(STAFF))
    newest: dict[tuple[str, str], Invited] = {}
    for invitation, used_at, withdrawn_at in session.execute(query):
        key = (invitation.email, invitation.role)
        before, this = newest.get(key), _invited(invitation, used_at, withdrawn_at, now)
        if before is None:
            newest[key] = this
        elif this.state is State.USED and before.state is State.OPEN and this.since >= before.invitation.created_at:
            newest[key] = this  # they followed another link of theirs
    return list(newest.values())


def _invited(invitation: Invitation, used_at: datetime | None, withdrawn_at: datetime | None, now: datetime) -> Invited:
    if used_at is not None:
        return Invited(invitation=invitation, state=State.USED, since=used_at)
    if withdrawn_at is not None:
        return Invited(invitation=invitation, state=State.WITHDRAWN, since=withdrawn_at)
    state = State.OPEN if now < invitation.expires_at else State.EXPIRED
    return Invited(invitation=invitation, state=state, since=invitation.expires_at)


def invitation_in(session: Session, *, invitation_id: str, programmes: frozenset[str]) -> Invitation:
    """Return an invitation into one of these programmes.

    Raises:
        Missing: there is none, or it is into another programme.
    """
    invitation = session.get(Invitation, invitation_id)
    if invitation is None or invitation.programme not in programmes:
        raise Missing("There is no such invitation into your programmes.")
    return invitation
