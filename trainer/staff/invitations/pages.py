"""Take an invitation back."""

from dataclasses import dataclass
from typing import ClassVar

from trainer.accounts.models import Invitation
from trainer.web.pages import Page


@dataclass(frozen=True, kw_only=True)
class WithdrawInvitationPage(Page):
    """Ask whether it is meant."""

    template: ClassVar[str] = "staff/withdrawal.html"
    invitation: Invitation
    back: str
