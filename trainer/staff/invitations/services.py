"""Write a new link for somebody who was invited, in the place of the one they had."""

from datetime import datetime

from sqlalchemy.orm import Session

from trainer.accounts.models import Invitation, InvitationUse
from trainer.enrolment.models import Cohort
from trainer.errors import Refused
from trainer.staff import services as staff
from trainer.staff.invitations.queries import invitation_in


def write_new_link(
    session: Session, *, invitation_id: str, programmes: frozenset[str], by: str, now: datetime
) -> tuple[Invitation, str]:
    """Invite the same person again; the link that they had works no more. Return the invitation and its secret.

    Raises:
        Missing: there is no such invitation into these programmes.
        Refused: it was used, it is for a role that this person does not give, or the person is invited anew already.
    """
    before = invitation_in(session, invitation_id=invitation_id, programmes=programmes)
    if session.get(InvitationUse, before.id):
        raise Refused(f"{before.name} has followed the link already, and needs no other.")
    staff.withdraw_invitation(session, invitation_id=before.id, programmes=programmes, by=by, now=now)
    session.flush()  # the new one finds the old one taken back
    cohort = session.get(Cohort, before.cohort_id) if before.cohort_id else None
    invitee = staff.Invitee(name=before.name, email=before.email, role=before.role, cohort=cohort)
    return staff.invite(session, programme=before.programme, invitee=invitee, by=by, now=now)
