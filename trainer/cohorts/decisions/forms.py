"""What a director writes to take a decision back, or to confer again."""

from typing import Self

from wtforms import BooleanField, HiddenField, TextAreaField
from wtforms.validators import DataRequired, Length

from trainer.accounts.forms import trimmed
from trainer.web.forms import Form, SeenForm


class CertificateDecisionForm(Form):
    """A decision about a certificate, with the reason for the programme's own record."""

    reason = TextAreaField(
        "Reason",
        [DataRequired("Please give the reason: it is kept with the decision."), Length(max=4000)],
        filters=[trimmed],
        description="It is kept with the decision, for the programme's own record; nobody outside sees it.",
    )


class WithdrawalForm(CertificateDecisionForm):
    """Why a decision is taken back."""

    sure = BooleanField(
        "I take this decision back. No certificate follows from it.",
        [DataRequired("Please tick the box: this is your decision.")],
    )


class AgainForm(SeenForm, CertificateDecisionForm):
    """Why a certificate is conferred again."""

    follows = HiddenField()
    sure = BooleanField(
        "I have looked at this record and confer the certificate again.",
        [DataRequired("Please tick the box: conferring is your decision, not the system's.")],
    )

    def shows(self, seen: object, *, anew: bool = False, follows: str = "") -> Self:
        """Keep in the form what its page shows, and which decision a new one would follow."""
        if anew or self.follows.raw_data is None:
            self.follows.data = follows
        return super().shows(seen, anew=anew)
