"""What a director fills in to set a window for sittings, to change it, to withdraw it."""

from datetime import UTC, datetime
from typing import Self
from zoneinfo import ZoneInfo

from wtforms import DateTimeLocalField, Field, SelectField, TextAreaField, ValidationError
from wtforms.fields import SelectChoice
from wtforms.validators import DataRequired

from trainer.accounts.forms import trimmed
from trainer.clock import utc_now
from trainer.cohorts.forms import reason_rules
from trainer.cohorts.services import YEARS_AROUND, is_far_off
from trainer.moments import place
from trainer.web.forms import SeenForm
from trainer.windows.opening import Window

TYPED = ["%Y-%m-%dT%H:%M", "%Y-%m-%dT%H:%M:%S", "%Y-%m-%d %H:%M"]
"""How browsers send a moment, and how people write one where a browser has no field for it."""
LIKE = "like 2026-12-03 09:00."


class TimesForm(SeenForm):
    """From when until when, as the clocks of the programme show it."""

    opens = DateTimeLocalField(
        "Opens", [DataRequired(f"Please give the day and time at which it opens, {LIKE}")], format=TYPED
    )
    closes = DateTimeLocalField(
        "Closes", [DataRequired(f"Please give the day and time at which it closes, {LIKE}")], format=TYPED
    )

    zone: ZoneInfo

    def counted_in(self, zone: ZoneInfo) -> Self:
        """Read times as the clocks of this zone show them."""
        self.zone = zone
        whose = "UTC" if zone.key == "UTC" else f"{place(zone.key)} time"
        self.opens.description = f"From this moment a sitting may begin ({whose})."
        self.closes.description = f"From this moment none may begin any more ({whose}). What has begun goes on."
        return self

    def shows_window(self, window: Window) -> Self:
        """Begin with the times of a window, unless others were sent."""
        if not self.opens.raw_data:
            self.opens.data, self.closes.data = self._shown(window.opens), self._shown(window.closes)
        return self

    def times(self, before: Window | None = None) -> tuple[datetime, datetime]:
        """Return the two moments in UTC; the form has been found whole.

        Args:
            before: a window whose moments stay what they are where their fields still show them.
        """
        return (
            self._moment(self.opens.data, before.opens if before else None),
            self._moment(self.closes.data, before.closes if before else None),
        )

    def _moment(self, typed: datetime, before: datetime | None) -> datetime:
        if before is not None and typed == self._shown(before):
            return before
        return typed.replace(tzinfo=self.zone).astimezone(UTC)

    def _shown(self, moment: datetime) -> datetime:
        return moment.astimezone(self.zone).replace(tzinfo=None, second=0, microsecond=0, fold=0)

    def validate_opens(self, field: Field) -> None:
        """Refuse a year that is hardly meant."""
        if is_far_off(field.data.date(), today=utc_now().date()):
            raise ValidationError(
                f"The year {f'{field.data.year:04}'} is more than {YEARS_AROUND} years from now. Is it a slip of "
                "the finger?"
            )

    validate_closes = validate_opens


class WindowForm(TimesForm):
    """A new window."""

    exam = SelectField("Examination", validate_choice=False)

    def offer(self, exams: dict[str, str]) -> Self:
        """Offer these examinations, by slug and title."""
        self.exam.choices = [SelectChoice(value=slug, label=title) for slug, title in exams.items()]
        return self

    def validate_exam(self, field: Field) -> None:
        """Refuse an examination that there is not."""
        if field.data not in {choice.value for choice in field.choices}:
            raise ValidationError("The programme of this cohort asks for no such examination.")


class WindowChangeForm(TimesForm):
    """Other times for a window."""

    reason = TextAreaField("Reason for the change", reason_rules, filters=[trimmed])


class WindowWithdrawalForm(SeenForm):
    """Why a window is withdrawn."""

    why = TextAreaField("Reason for withdrawing it", reason_rules, filters=[trimmed])
