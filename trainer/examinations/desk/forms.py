"""What an examiner fills in."""

from wtforms import RadioField, TextAreaField
from wtforms.fields import SelectChoice
from wtforms.validators import DataRequired, Length

from trainer.accounts.forms import trimmed
from trainer.web.forms import Form


class JudgementForm(Form):
    """A decision about a person, with its reason."""

    reason = TextAreaField(
        "Your reason",
        [
            DataRequired("Please write down why; the trainee reads it."),
            Length(min=10, max=4000, message="Please write a sentence at least, and 4000 signs at most."),
        ],
        filters=[trimmed],
        description="The trainee reads this. Say what you saw in the words above, and leave out what you guess.",
    )


class FlagForm(JudgementForm):
    """Whether there was a critical failure."""

    verdict = RadioField(
        "What do you find?",
        choices=[
            SelectChoice(value="cleared", label="Clear it: this was no critical failure, or a slip of reading"),
            SelectChoice(
                value="confirmed", label="Confirm it: this was a critical failure, and the sitting is not passed"
            ),
        ],
        validators=[DataRequired("Please choose one.")],
    )


class GreyForm(JudgementForm):
    """Whether somebody near the cut passes."""

    verdict = RadioField(
        "What do you decide?",
        choices=[
            SelectChoice(value="passed", label="Passed"),
            SelectChoice(value="failed", label="Not passed"),
        ],
        validators=[DataRequired("Please choose one.")],
    )
