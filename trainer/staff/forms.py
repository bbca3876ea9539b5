"""What is filled in to give a role, to end it, or to close an account."""

from collections.abc import Collection

from wtforms import EmailField, Field, SelectField, StringField, TextAreaField, ValidationError
from wtforms.fields import SelectChoice
from wtforms.validators import DataRequired, Length

from trainer.accounts.forms import email_rules, tidied_name, trimmed, visible
from trainer.accounts.words import Role
from trainer.certificates.forms import person_can_be_certified
from trainer.web.forms import Form, SeenForm

WORDS = {
    Role.SUPERVISOR: "Supervisor: decides what happened in examinations",
    Role.DIRECTOR: "Director: confers certificates and decides about them",
    Role.ADMINISTRATOR: "Administrator: looks after cohorts and accounts",
}


class GiveForm(Form):
    """Who is to act for the programme, and as what."""

    name = StringField(
        "Full name",
        [
            DataRequired("Please give the full name."),
            Length(max=80, message="There is room for 80 characters."),
            visible,
            person_can_be_certified,
        ],
        filters=[tidied_name],
    )
    email = EmailField("E-mail address", email_rules, filters=[trimmed])
    role = SelectField("Role", validate_choice=False)  # the rule says in a sentence what may not be given

    def validate_role(self, field: Field) -> None:
        """Refuse what is no role of this form."""
        if field.data not in {role.value for role in WORDS}:
            raise ValidationError("Please choose one of the roles.")

    def offer(self, roles: Collection[Role]) -> None:
        """Offer these roles."""
        self.role.choices = [SelectChoice(value=role.value, label=WORDS[role]) for role in WORDS if role in roles]


class ReasonForm(SeenForm):
    """Why a role ends, or an account is closed or opened."""

    reason = TextAreaField(
        "Reason",
        [
            DataRequired("Please give the reason: it is kept with the decision."),
            Length(max=500, message="Please keep it below 500 characters."),
        ],
        filters=[trimmed],
        description="Directors and administrators of the programme can read it.",
    )
