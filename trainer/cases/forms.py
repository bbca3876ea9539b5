"""What a trainee writes in a case."""

from flask_babel import lazy_gettext as _
from wtforms import TextAreaField
from wtforms.validators import Length

from trainer.web.forms import Form


class ReactionForm(Form):
    """The first words after the end; blank is fine."""

    words = TextAreaField(
        _("How was that?"),
        [Length(max=2000, message=_("Please keep it below 2,000 characters."))],
        description=_("A line or two, just for you. It is kept with this run; you can also leave it blank."),
    )
