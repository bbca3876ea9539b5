"""What a director fills in."""

from wtforms import (
    BooleanField,
    DateField,
    EmailField,
    Field,
    HiddenField,
    SelectField,
    StringField,
    TextAreaField,
    ValidationError,
)
from wtforms.fields import SelectChoice
from wtforms.validators import DataRequired, Length, Optional

from trainer.accounts.forms import JoinForm, email_rules, name_rules, tidied_name, trimmed
from trainer.certificates.forms import cohort_can_be_certified, person_can_be_certified
from trainer.clock import utc_now
from trainer.cohorts.services import YEARS_AROUND, CohortTerms, is_far_off
from trainer.web.forms import Form, SeenForm

REASON_MISSING = "Please give the reason: it is kept with the decision."
reason_rules = [
    DataRequired(REASON_MISSING),
    Length(max=500, message="Please keep it below 500 characters."),
]


class CohortForm(Form):
    """A new cohort; it follows the newest content release."""

    programme = SelectField("Programme")
    name = StringField(
        "Name of the cohort",
        [
            DataRequired("Please name the cohort."),
            Length(max=60, message="A certificate has room for 60 characters."),
            cohort_can_be_certified,
        ],
        filters=[tidied_name],
        description="Trainees see this name, and it stands on their certificates.",
    )
    starts_on = DateField("First day", [DataRequired("Please give a date, like 2026-02-01.")])

    def validate_name(self, field: Field) -> None:
        """Refuse a name that cannot stand on a certificate."""
        if not any(sign.isalnum() for sign in field.data or ""):
            raise ValidationError("A name has letters or digits.")

    def validate_starts_on(self, field: Field) -> None:
        """Refuse a day that is hardly meant."""
        if field.data and is_far_off(field.data, today=utc_now().date()):
            raise ValidationError(
                f"The year {f'{field.data.year:04}'} is more than {YEARS_AROUND} years from now. Is it a slip of "
                "the finger?"
            )

    def offer(self, programmes: dict[str, str]) -> None:
        """Offer these programmes, by slug and title."""
        self.programme.choices = [SelectChoice(value=slug, label=title) for slug, title in programmes.items()]


class CohortChangeForm(SeenForm, CohortForm):
    """What a cohort is called, when it begins, and whether it is off the desk."""

    programme = None
    archived = BooleanField(
        "In the archive",
        description="Off the desk: nobody is invited, and nobody who is ready is shown as waiting. It can be read.",
    )
    reason = TextAreaField("Reason", reason_rules, filters=[trimmed])

    @property
    def terms(self) -> CohortTerms:
        """Return what the cohort is to be from now on; the form has been found whole."""
        return CohortTerms(name=self.name.data, starts_on=self.starts_on.data, archived=self.archived.data)

    def validate_starts_on(self, field: Field) -> None:
        """Refuse a day that is hardly meant, but for the one that it has."""
        if field.data != field.object_data:
            super().validate_starts_on(field)


class PlaceForm(SeenForm):
    """Why somebody's place ends, or is given back."""

    ended = HiddenField()
    reason = TextAreaField("Reason", reason_rules, filters=[trimmed])


class InviteForm(Form):
    """A trainee to invite."""

    name = StringField(
        "Full name", name_rules, filters=[tidied_name], description="As it should stand on a certificate."
    )
    email = EmailField("E-mail address", email_rules, filters=[trimmed])
    nevertheless = BooleanField("Invite this person nevertheless")
    reason = TextAreaField(
        "Reason",
        [Optional(), *reason_rules[1:]],
        filters=[trimmed],
        description="It is kept in the audit. Failed tries at another place in this programme count here as well.",
    )

    def validate_name(self, field: Field) -> None:
        """Refuse a name that cannot stand on a certificate."""
        person_can_be_certified(self, field)


class WelcomeForm(JoinForm):
    """What somebody invited fills in."""

    def validate_name(self, field: Field) -> None:
        """Refuse a name that cannot stand on a certificate."""
        person_can_be_certified(self, field)


class ConferForm(SeenForm):
    """A person decides; the tick says that it is a decision."""

    sure = BooleanField(
        "I have looked at this record and I confer the certificate.",
        [DataRequired("Please tick the box: conferring is your decision, not the system's.")],
    )


class TimeForm(SeenForm):
    """How long the time limits of one trainee are."""

    factor = SelectField(
        "Time limits in case simulations",
        coerce=int,
        choices=[
            SelectChoice(value=100, label="As written"),
            SelectChoice(value=150, label="Half as long again (150 %)"),
            SelectChoice(value=200, label="Twice as long (200 %)"),
            SelectChoice(value=0, label="No limits"),
        ],
    )
    reason = TextAreaField(
        "Reason",
        reason_rules,
        filters=[trimmed],
        description="What helps, not a diagnosis: directors and administrators of this programme can read it.",
    )
