"""What a director fills in to score runs again."""

from wtforms import BooleanField, HiddenField, TextAreaField
from wtforms.validators import DataRequired, Length

from trainer.web.forms import Form


class RescoreForm(Form):
    """A decision about runs that have ended; `target` is what the preview was made with."""

    target = HiddenField()
    reason = TextAreaField(
        "Why are they scored again?",
        [DataRequired("Please write down why; a trainee may ask years from now."), Length(max=2000)],
        description="It stands beside every new score, where the trainee reads it, and in what was done. Name nobody.",
    )
    sure = BooleanField(
        "I have looked at the effect above and I want the new scores to be kept beside the old ones.",
        [DataRequired("Please tick the box: scoring again is your decision, not the system's.")],
    )
