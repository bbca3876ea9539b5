"""What a director fills in to decide about a certificate, and what its holder fills in."""

import re
from collections.abc import Mapping
from datetime import date
from typing import Self
from unicodedata import category, normalize
from zoneinfo import ZoneInfo

from flask_babel import lazy_gettext as _
from wtforms import (
    BooleanField,
    DateField,
    Field,
    RadioField,
    SelectField,
    StringField,
    TextAreaField,
    ValidationError,
)
from wtforms.fields import SelectChoice
from wtforms.validators import DataRequired, Length, Optional

from trainer.accounts.forms import name_rules, tidied
from trainer.certificates.forms import person_can_be_certified
from trainer.certificates.words import ConsentLevel
from trainer.clock import utc_now
from trainer.lifecycle.services import LONGEST_SUSPENSION
from trainer.moments import place
from trainer.registry.status import Reason
from trainer.web.forms import SeenForm

SUSPENSION: Mapping[Reason, object] = {
    Reason.UNDER_REVIEW: _("Under review"),
    Reason.CONDITIONS_OPEN: _("Something that was asked for is still open"),
    Reason.CONDUCT: _("Professional conduct"),
    Reason.HOLDER_ASKED: _("The holder asked for it"),
}
LIFTING: Mapping[Reason, object] = {
    Reason.REVIEW_ENDED: _("The review has ended"),
    Reason.CONDITIONS_MET: _("What was asked for has been done"),
    Reason.ISSUED_IN_ERROR: _("It was suspended in error"),
    Reason.HOLDER_ASKED: _("The holder asked for it"),
}
REVOCATION: Mapping[Reason, object] = {
    Reason.ISSUED_IN_ERROR: _("Issued in error"),
    Reason.REQUIREMENTS_NOT_MET: _("The requirements were not met after all"),
    Reason.FALSE_INFORMATION: _("It rested on false information"),
    Reason.CONDUCT: _("Professional conduct"),
    Reason.HOLDER_ASKED: _("The holder asked for it"),
}


def _reason(choices: Mapping[Reason, object]) -> SelectField:
    return SelectField(
        _("Reason"),
        choices=[
            SelectChoice(value="", label=_("Choose a reason")),
            *(SelectChoice(value=reason.value, label=words) for reason, words in choices.items()),
        ],
        validators=[DataRequired(_("Please choose a reason."))],
        description=_("Everybody who checks the certificate sees this."),
    )


def _long_words(text: str) -> set[str]:
    """Return the words of more than two letters, as they are written: “Will Rose” is not named by “will rise”."""
    return set(re.findall(r"\w{3,}", normalize("NFC", text)))


class RecordedForm(SeenForm):
    """A decision with the reasons for our own record."""

    private_reason = TextAreaField(
        _("Your reasons"),
        [DataRequired(_("Please write down why; you may be asked years from now.")), Length(max=4000)],
        description=_("For the programme's own record. The directors of this programme see it, and nobody outside."),
    )


class PublicForm(RecordedForm):
    """A decision that the public reads about."""

    public_note = TextAreaField(
        _("Public note"),
        [Length(max=300, message=_("A public note has room for 300 characters."))],
        description=_(
            "One sentence for whoever checks the certificate. May stay empty. Write nothing about health, and no name."
        ),
    )
    holder = ""

    def on(self, holder: str) -> Self:
        """Keep in mind whose certificate it is."""
        self.holder = holder
        return self

    def validate_public_note(self, field: Field) -> None:
        """Refuse the holder's name, and signs that nobody sees and that could turn our public page around."""
        note = field.data or ""
        if any(category(sign) == "Cf" for sign in note):
            raise ValidationError(_("The note has invisible signs, perhaps from copying. Please type it anew."))
        if _long_words(note) & _long_words(self.holder):
            raise ValidationError(
                _("The note names the holder, who alone decides whether the name is shown. Write “the holder”.")
            )


class SuspensionForm(PublicForm):
    """Why a certificate is suspended, and until when."""

    reason = _reason(SUSPENSION)
    last_day = DateField(
        _("Last day of the suspension"),
        [Optional()],
        description=_("It ends by itself after this day. Leave it empty to suspend until somebody lifts it."),
    )
    sure = BooleanField(
        _("I suspend this certificate."), [DataRequired(_("Please tick the box: this is your decision."))]
    )

    today: date

    def counted_in(self, zone: ZoneInfo) -> Self:
        """Count days as the programme does."""
        self.today = utc_now().astimezone(zone).date()
        self.last_day.description = _(
            "It ends by itself after this day (%(zone)s). Leave it empty to suspend until somebody lifts it.",
            zone=place(zone.key),
        )
        return self

    def validate_last_day(self, field: Field) -> None:
        """Refuse a day in the past, or one that nobody could oversee."""
        today = self.today
        if field.data is None:  # it could not be read, and the field says so itself
            return
        if not today <= field.data <= today + LONGEST_SUSPENSION:
            raise ValidationError(_("The last day is today or later, and within five years."))


class LiftingForm(PublicForm):
    """Why a suspension is lifted."""

    reason = _reason(LIFTING)
    sure = BooleanField(_("I lift the suspension."), [DataRequired(_("Please tick the box: this is your decision."))])


class RevocationForm(PublicForm):
    """Why a certificate is revoked: for the public, and for our own record."""

    reason = _reason(REVOCATION)
    sure = BooleanField(
        _("I revoke this certificate. I know from when on this is final."),
        [DataRequired(_("Please tick the box: this is your decision."))],
    )


class RecallForm(RecordedForm):
    """Why an ending is recalled."""

    sure = BooleanField(_("I recall it."), [DataRequired(_("Please tick the box: this is your decision."))])


class KeepForm(RecallForm):
    """What a holder may say when they recall their own surrender: as little as when they gave it back."""

    private_reason = TextAreaField(
        _("Your reasons, if you like"),
        [Length(max=4000)],
        description=_("You need not give any. The directors of this programme see them, and nobody outside."),
    )


class CorrectionForm(RecordedForm):
    """The name as it should have been, or as it is now."""

    name = StringField(
        _("Full name"),
        name_rules,
        filters=[tidied],
        description=_(
            "As it should stand on the certificate. The account bears it from now on as well, unless it has to do with "
            "a programme that is not yours."
        ),
        render_kw={"autocomplete": "off"},
    )
    sure = BooleanField(
        _("I have seen proof of this name, and a new certificate shall be issued."),
        [DataRequired(_("Please tick the box: this is your decision."))],
    )

    def validate_name(self, field: Field) -> None:
        """Refuse a name that cannot stand on a certificate."""
        person_can_be_certified(self, field)


class RenewalForm(RecordedForm):
    """Why a certificate is renewed."""

    sure = BooleanField(
        _("I have looked at what the holder has done since, and I renew the certificate."),
        [DataRequired(_("Please tick the box: renewing is your decision, not the system's."))],
    )


class SurrenderForm(SeenForm):
    """The holder gives a certificate back."""

    sure = BooleanField(
        _("I give back this certificate. I know from when on this is final."),
        [DataRequired(_("Please tick the box: this is your decision."))],
    )


class ConsentForm(SeenForm):
    """What a verifier sees of the holder's name."""

    level = RadioField(
        _("Your name at the public counter"),
        choices=[
            SelectChoice(
                value=ConsentLevel.SHOWN.value, label=_("Shown to whoever has the number, the address or the file")
            ),
            SelectChoice(
                value=ConsentLevel.MATCHED.value,
                label=_("Not shown; whoever knows your name may ask whether it is yours"),
            ),
            SelectChoice(
                value=ConsentLevel.HIDDEN.value, label=_("Not shown and not compared; only the file itself bears it")
            ),
        ],
        validators=[DataRequired(_("Please choose one."))],
    )
