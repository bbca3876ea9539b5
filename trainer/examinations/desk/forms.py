"""What an examiner fills in."""

from flask_babel import lazy_gettext as _
from wtforms import RadioField, TextAreaField
from wtforms.fields import SelectChoice
from wtforms.validators import DataRequired, Length

from trainer.accounts.forms import trimmed
from trainer.web.forms import Form


class ReasonedForm(Form):
    """A decision about a person, with its reason."""

    reason = TextAreaField(
        _("Your reason"),
        [
            DataRequired(_("Please write down why; the trainee reads it.")),
            Length(min=10, max=4000, message=_("Please write a sentence at least, and 4000 signs at most.")),
        ],
        filters=[trimmed],
        description=_("The trainee reads this. Say what you saw in the words above, and leave out what you guess."),
    )


class FlagForm(ReasonedForm):
    """Whether there was a critical failure."""

    verdict = RadioField(
        _("What do you find?"),
        choices=[
            SelectChoice(value="cleared", label=_("Clear it: this was no critical failure, or a slip of reading")),
            SelectChoice(
                value="confirmed", label=_("Confirm it: this was a critical failure, and the sitting is not passed")
            ),
        ],
        validators=[DataRequired(_("Please choose one."))],
    )


class GreyForm(ReasonedForm):
    """Whether somebody near the cut passes."""

    verdict = RadioField(
        _("What do you decide?"),
        choices=[
            SelectChoice(value="passed", label=_("Passed")),
            SelectChoice(value="failed", label=_("Not passed")),
        ],
        validators=[DataRequired(_("Please choose one."))],
    )
