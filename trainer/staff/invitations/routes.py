"""What can still be done with an invitation: a new link, or taking it back."""

from flask import Blueprint, flash, redirect, url_for
from flask.typing import ResponseReturnValue

from trainer.accounts.access import me, only, programmes_where
from trainer.accounts.models import Invitation
from trainer.accounts.words import Role
from trainer.clock import utc_now
from trainer.staff import services as staff
from trainer.staff.access import tell_link
from trainer.staff.invitations import services
from trainer.staff.invitations.pages import WithdrawInvitationPage
from trainer.staff.invitations.queries import invitation_in
from trainer.web import reading, transaction
from trainer.web.addresses_above import PageAbove, address_above
from trainer.web.pages import show

bp = Blueprint("invitations", __name__, url_prefix="/desk/invitations")

DESK = (Role.DIRECTOR, Role.ADMINISTRATOR)


def _my_programmes() -> frozenset[str]:
    return programmes_where(Role.DIRECTOR) | programmes_where(Role.ADMINISTRATOR)


@bp.get("/<invitation_id>/withdrawal")
@only(*DESK)
def ask(invitation_id: str) -> ResponseReturnValue:
    """Ask whether the invitation is to be taken back."""
    with reading() as session:
        invitation = invitation_in(session, invitation_id=invitation_id, programmes=_my_programmes())
    return show(WithdrawInvitationPage(invitation=invitation, back=_list_with(invitation)))


@bp.post("/<invitation_id>/withdrawal")
@only(*DESK)
def withdraw(invitation_id: str) -> ResponseReturnValue:
    """Take an invitation back before it is used."""
    with transaction() as session:
        invitation = staff.withdraw_invitation(
            session, invitation_id=invitation_id, programmes=_my_programmes(), by=me().id, now=utc_now()
        )
    flash(f"The invitation of {invitation.name} has been taken back.")
    return redirect(_list_with(invitation), code=303)


@bp.post("/<invitation_id>/link")
@only(*DESK)
def new_link(invitation_id: str) -> ResponseReturnValue:
    """Write a new link in the place of one that was lost or has run out; the next page shows it once."""
    with transaction() as session:
        invitation, token = services.write_new_link(
            session, invitation_id=invitation_id, programmes=_my_programmes(), by=me().id, now=utc_now()
        )
    tell_link(token, invitation.name)
    flash(f"The link that {invitation.name} had before works no more.")
    return redirect(_list_with(invitation), code=303)


def _list_with(invitation: Invitation) -> str:
    """Return the address of the page that lists the invitation."""
    if invitation.cohort_id is None:
        return url_for("staff.staff", programme=invitation.programme)
    return address_above(PageAbove.COHORT, cohort_id=invitation.cohort_id)
