"""What a director fills in to let somebody go on."""

from datetime import UTC, datetime, time
from typing import Self
from zoneinfo import ZoneInfo

from wtforms import DateField, Field, RadioField, SelectField, TextAreaField, ValidationError
from wtforms.fields import SelectChoice
from wtforms.validators import DataRequired, Length, Optional

from trainer.accounts.forms import trimmed
from trainer.chances.granted import MOST_CHANCES, Wish
from trainer.clock import utc_now
from trainer.moments import place
from trainer.web.forms import Form, SeenForm

FURTHER, WAIVER = "further", "waiver"


class ChanceForm(SeenForm):
    """Further tries with what comes before them, or a waiver; always with a reason."""

    what = RadioField("Your decision", validators=[DataRequired("Please choose one.")])
    further = SelectField(
        "How many more",
        coerce=int,
        choices=[SelectChoice(value=number, label=str(number)) for number in range(1, MOST_CHANCES + 1)],
        default=1,
    )
    plan = TextAreaField(
        "Learning plan",
        [Length(max=1000, message="Please keep it below 1,000 characters.")],
        filters=[trimmed],
        description="What is to be done before the next try, in words the trainee reads. May stay empty.",
    )
    not_before = DateField(
        "No try before",
        [Optional()],
    )
    reason = TextAreaField(
        "Reason",
        [
            DataRequired("Please give the reason: it is kept with the decision."),
            Length(max=500, message="Please keep it below 500 characters."),
        ],
        filters=[trimmed],
        description="The trainee reads it, with your name. So do directors and administrators of this programme.",
    )

    zone: ZoneInfo

    def counted_in(self, zone: ZoneInfo) -> Self:
        """Count days as the programme does."""
        self.zone = zone
        self.not_before.description = (
            f"The next try opens at the beginning of this day ({place(zone.key)}). Leave it empty to open it at once."
        )
        return self

    def offer(self, *, stuck: bool, waivable: bool, decisions: int) -> Self:
        """Offer what can be decided, and keep how many decisions this page shows."""
        words = [(FURTHER, "Grant further tries", stuck), (WAIVER, "Waive the requirement", waivable)]
        self.what.choices = [SelectChoice(value=value, label=label) for value, label, may in words if may]
        self.shows(decisions)
        if not self.is_submitted():
            self.what.data = self.what.choices[0].value if len(self.what.choices) == 1 else None
        return self

    def of_sittings(self) -> None:
        """Speak of sittings: an examination is not tried."""
        further = SelectChoice(value=FURTHER, label="Grant further sittings")
        self.what.choices = [further] if self.what.choices else []
        self.not_before.label.text = "No sitting before"
        self.plan.description = (
            "What is to be done before the next sitting, in words the trainee reads. May stay empty."
        )
        self.not_before.description = (
            "The next sitting opens at the beginning of this day "
            f"({place(self.zone.key)}). Leave it empty to open it at once. Where a cohort has windows for sittings, "
            "one of them has to be open as well."
        )

    @property
    def number(self) -> int:
        """Return how many tries are granted; 0 for a waiver."""
        return int(self.further.data) if self.what.data == FURTHER else 0

    @property
    def opens(self) -> datetime | None:
        """Return the moment at which the next try opens, in UTC."""
        day = self.not_before.data if self.number else None
        return datetime.combine(day, time.min, self.zone).astimezone(UTC) if day else None

    @property
    def wish(self) -> Wish:
        """Return what was decided; the form has been found whole."""
        plan = self.plan.data if self.number else ""
        return Wish(further=self.number, plan=plan, not_before=self.opens, reason=self.reason.data)

    def validate_not_before(self, field: Field) -> None:
        """Refuse a day that is over."""
        if field.data is not None and not 0 < (field.data - utc_now().astimezone(self.zone).date()).days <= 366:
            raise ValidationError("The day is after today, and within a year.")


class AgreementForm(Form):
    """The second director agrees; the button is the decision."""


class RefusalForm(Form):
    """Why a waiver is declined, or a proposal taken back."""

    refusal = TextAreaField(
        "Reason",
        [
            DataRequired("Please give the reason: it is kept with the decision."),
            Length(max=500, message="Please keep it below 500 characters."),
        ],
        filters=[trimmed],
        description="The trainee reads it, with your name. So does whoever proposed the waiver.",
    )
