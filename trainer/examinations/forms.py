"""What a person confirms before a sitting begins."""

from wtforms import BooleanField
from wtforms.validators import DataRequired

from trainer.web.forms import Form


class BeginForm(Form):
    """A sitting is spent by beginning it, so beginning it is said twice."""

    sure = BooleanField(
        "I have read this and begin the sitting now",
        [DataRequired("Nothing has begun. Tick the box to begin the sitting.")],
    )
