"""Where to write."""

from flask_babel import lazy_gettext as _
from wtforms import EmailField, Field, ValidationError
from wtforms.validators import DataRequired

from trainer.accounts.forms import trimmed
from trainer.watches.targets import BadTarget, read_mail
from trainer.web.forms import Form


class WatchForm(Form):
    """A mail address."""

    email = EmailField(
        _("Your e-mail address"),
        [DataRequired(_("Please give the address that we should write to."))],
        filters=[trimmed],
        description=_("We use it for this certificate alone, and only after you have said yes in a first letter."),
        render_kw={"autocomplete": "email"},
    )

    def validate_email(self, field: Field) -> None:
        """Refuse what is no address."""
        try:
            field.data = read_mail(field.data)
        except BadTarget as error:
            raise ValidationError(str(error)) from error
