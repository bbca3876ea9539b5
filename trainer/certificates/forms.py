"""What a director fills in to revoke."""

from unicodedata import category

from flask_babel import lazy_gettext as _
from wtforms import BooleanField, Field, SelectField, TextAreaField, ValidationError
from wtforms.fields import SelectChoice
from wtforms.validators import DataRequired, Length

from trainer.registry.status import Reason
from trainer.web.forms import Form


def reasons() -> dict[Reason, object]:
    """Return the reasons that can lead to a revocation, in words."""
    return {
        Reason.ISSUED_IN_ERROR: _("Issued in error"),
        Reason.REQUIREMENTS_NOT_MET: _("The requirements were not met after all"),
        Reason.CONDUCT: _("Professional conduct"),
        Reason.HOLDER_ASKED: _("The holder asked for it"),
    }


class RevocationForm(Form):
    """Why a certificate is revoked: for the public, and for our own record."""

    reason = SelectField(
        _("Reason"),
        choices=[
            SelectChoice(value="", label=_("Choose a reason")),
            *(SelectChoice(value=reason.value, label=words) for reason, words in reasons().items()),
        ],
        validators=[DataRequired(_("Please choose a reason."))],
        description=_("Everybody who checks the certificate sees this."),
    )
    public_note = TextAreaField(
        _("Public note"),
        [Length(max=300, message=_("A public note has room for 300 characters."))],
        description=_("One sentence for whoever checks the certificate. May stay empty. Write nothing about health."),
    )
    private_reason = TextAreaField(
        _("Your reasons"),
        [DataRequired(_("Please write down why; you may be asked years from now.")), Length(max=4000)],
        description=_("For the programme's own record. It is not shown to anybody outside."),
    )
    sure = BooleanField(
        _("I revoke this certificate. I know that this is final."),
        [DataRequired(_("Please tick the box: revoking cannot be undone."))],
    )

    def validate_public_note(self, field: Field) -> None:
        """Refuse signs that nobody sees and that could turn the words of our public page around."""
        if any(category(sign) == "Cf" for sign in field.data or ""):
            raise ValidationError(_("The note has invisible signs, perhaps from copying. Please type it anew."))
