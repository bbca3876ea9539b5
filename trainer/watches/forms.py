"""Where to write."""

from wtforms import EmailField, Field, ValidationError
from wtforms.validators import DataRequired

from trainer.accounts.forms import trimmed
from trainer.watches.targets import BadTarget, read_mail
from trainer.web.forms import Form


class WatchForm(Form):
    """A mail address."""

    email = EmailField(
        "Your e-mail address",
        [DataRequired("Please give the address that we should write to.")],
        filters=[trimmed],
        description="We use it for this certificate alone, and only after you have said yes in a first letter.",
        render_kw={"autocomplete": "email"},
    )

    def validate_email(self, field: Field) -> None:
        """Refuse what is no address."""
        try:
            field.data = read_mail(field.data)
        except BadTarget as error:
            raise ValidationError(str(error)) from error
