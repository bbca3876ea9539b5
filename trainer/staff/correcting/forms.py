"""What is filled in to correct a name or an address."""

from wtforms import BooleanField, EmailField, Field, StringField
from wtforms.validators import DataRequired

from trainer.accounts.forms import email_rules, name_rules, tidied_name, trimmed
from trainer.certificates.forms import person_can_be_certified
from trainer.staff.forms import ReasonForm
from trainer.web.forms import Form, SeenForm


class NameForm(ReasonForm, SeenForm):
    """The name as it should be."""

    name = StringField(
        "Full name", name_rules, filters=[tidied_name], description="As it should stand on a certificate."
    )

    def validate_name(self, field: Field) -> None:
        """Refuse a name that cannot stand on a certificate."""
        person_can_be_certified(self, field)


class AddressForm(ReasonForm):
    """The address as it should be."""

    email = EmailField("New e-mail address", email_rules, filters=[trimmed])


class TakeForm(Form):
    """The person takes the new address."""

    sure = BooleanField(
        "This is my address, and I sign in with it from now on.",
        [DataRequired("Please tick the box if the address is yours.")],
    )
