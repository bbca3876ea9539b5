"""What a director fills in to decide about a certificate, and what its holder fills in."""

import re
from collections.abc import Mapping, Sequence
from unicodedata import category, normalize
from zoneinfo import ZoneInfo

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

from trainer.accounts.forms import name_rules, tidied_name
from trainer.certificates.forms import person_can_be_certified
from trainer.certificates.words import ConsentLevel
from trainer.clock import utc_now
from trainer.lifecycle.acts import LONGEST_SUSPENSION, RULES, Act, Sent
from trainer.moments import place
from trainer.registry.status import Reason
from trainer.web.forms import SeenForm

_REASONS: Mapping[Reason, object] = {
    Reason.UNDER_REVIEW: "Under review",
    Reason.REVIEW_ENDED: "The review has ended",
    Reason.CONDITIONS_OPEN: "Something that was asked for is still open",
    Reason.CONDITIONS_MET: "What was asked for has been done",
    Reason.ISSUED_IN_ERROR: "Issued in error",
    Reason.REQUIREMENTS_NOT_MET: "The requirements were not met after all",
    Reason.FALSE_INFORMATION: "It rested on false information",
    Reason.CONDUCT: "Professional conduct",
    Reason.HOLDER_ASKED: "The holder asked for it",
}
SUSPENDED_IN_ERROR = "It was suspended in error"
"""What “issued in error” means where a suspension is lifted."""

SURE: Mapping[Act, object] = {
    Act.SUSPEND: "I suspend this certificate.",
    Act.LIFT: "I lift the suspension.",
    Act.REVOKE: "I revoke this certificate. I know from when on this is final.",
    Act.CORRECT: "I have seen proof of this name, and a new certificate shall be issued.",
    Act.RENEW: "I have looked at what the holder has done since, and I renew the certificate.",
    Act.RECALL: "I recall it.",
    Act.SURRENDER: "I give back this certificate. I know from when on this is final.",
    Act.KEEP: "I recall it.",
}
"""What is ticked: that it is a decision."""


def _long_words(text: str) -> set[str]:
    """Return the words of more than two letters, as they are written: “Will Rose” is not named by “will rise”."""
    return set(re.findall(r"\w{3,}", normalize("NFC", text)))


class DecisionForm(SeenForm):
    """One decision about a certificate; what its act does not ask for is not in the form."""

    name = StringField(
        "Full name",
        name_rules,
        filters=[tidied_name],
        description="As it should stand on the certificate. The account bears it from now on as well, unless it "
        "has to do with a programme that is not yours.",
        render_kw={"autocomplete": "off"},
    )
    reason = SelectField(
        "Reason",
        validators=[DataRequired("Please choose a reason.")],
        description="Everybody who checks the certificate sees this.",
    )
    last_day = DateField("Last day of the suspension", [Optional()])
    public_note = TextAreaField(
        "Public note",
        [Length(max=300, message="A public note has room for 300 characters.")],
        description="One sentence for whoever checks the certificate. May stay empty. Write nothing about health, "
        "and no name.",
    )
    private_reason = TextAreaField(
        "Your reasons",
        [DataRequired("Please write down why; you may be asked years from now."), Length(max=4000)],
        description="For the programme's own record. The directors of this programme see it, and nobody outside.",
    )
    sure = BooleanField(validators=[DataRequired("Please tick the box: this is your decision.")])

    def __init__(self, act: Act, *, holder: str = "", zone: ZoneInfo | None = None) -> None:
        """Ask what this act asks for.

        Args:
            holder: the name on the certificate.
            zone: in which its programme counts days; UTC where it does not matter.
        """
        super().__init__(data={"name": holder})
        rule = RULES[act]
        self.act, self.holder = act, holder
        self.today = utc_now().astimezone(zone).date()
        self.sure.label.text = SURE[act]
        if rule.is_public:
            self.reason.choices = [SelectChoice(value="", label="Choose a reason"), *self._reasons()]
        else:
            del self.reason, self.public_note
        if rule.ends and zone is not None:
            self.last_day.description = (
                f"It ends by itself after this day ({place(zone.key)}). Leave it empty to "
                "suspend until somebody lifts it."
            )
        else:
            del self.last_day
        if act is not Act.CORRECT:
            del self.name
        if act is Act.SURRENDER:
            del self.private_reason
        if act is Act.KEEP:
            self._ask_for_no_reasons()
        if act is Act.RENEW:
            self.sure.validators = [DataRequired("Please tick the box: renewing is your decision, not the system's.")]

    def _reasons(self) -> Sequence[SelectChoice]:
        words = {**_REASONS, Reason.ISSUED_IN_ERROR: SUSPENDED_IN_ERROR} if self.act is Act.LIFT else _REASONS
        return [SelectChoice(value=reason.value, label=words[reason]) for reason in RULES[self.act].reasons]

    def _ask_for_no_reasons(self) -> None:
        """Let a holder say as little when they recall their surrender as when they gave the certificate back."""
        self.private_reason.validators = [Length(max=4000)]
        self.private_reason.flags.required = False
        self.private_reason.label.text = "Your reasons, if you like"
        self.private_reason.description = (
            "You need not give any. The directors of this programme see them, and nobody outside."
        )

    @property
    def questions(self) -> Sequence[Field]:
        """Return what is asked for beside the tick, in the order of the page."""
        asked = (self.name, self.reason, self.last_day, self.public_note, self.private_reason)
        return [field for field in asked if field is not None]

    @property
    def sent(self) -> Sent:
        """Return the decision as it was sent; the form has been found whole."""
        said = {field.short_name: field.data for field in self.questions}
        return Sent(
            act=self.act,
            seen=self.mark,
            reason=Reason(said["reason"]) if "reason" in said else None,
            public_note=said.get("public_note") or "",
            private_reason=said.get("private_reason") or "",
            last_day=said.get("last_day"),
            holder=said.get("name"),
        )

    def validate_name(self, field: Field) -> None:
        """Refuse a name that cannot stand on a certificate."""
        person_can_be_certified(self, field)

    def validate_last_day(self, field: Field) -> None:
        """Refuse a day in the past, or one that nobody could oversee; one that could not be read says so itself."""
        if field.data is not None and not self.today <= field.data <= self.today + LONGEST_SUSPENSION:
            raise ValidationError("The last day is today or later, and within five years.")

    def validate_public_note(self, field: Field) -> None:
        """Refuse the holder's name, and signs that nobody sees and that could turn our public page around."""
        note = field.data or ""
        if any(category(sign) == "Cf" for sign in note):
            raise ValidationError("The note has invisible signs, perhaps from copying. Please type it anew.")
        if _long_words(note) & _long_words(self.holder):
            raise ValidationError(
                "The note names the holder, who alone decides whether the name is shown. Write “the holder”."
            )


class ConsentForm(SeenForm):
    """What a verifier sees of the holder's name."""

    level = RadioField(
        "Your name at the public counter",
        choices=[
            SelectChoice(
                value=ConsentLevel.SHOWN.value, label="Shown to whoever has the number, the address or the file"
            ),
            SelectChoice(
                value=ConsentLevel.MATCHED.value,
                label="Not shown; whoever knows your name may ask whether it is yours",
            ),
            SelectChoice(
                value=ConsentLevel.HIDDEN.value, label="Not shown and not compared; only the file itself bears it"
            ),
        ],
        validators=[DataRequired("Please choose one.")],
    )
