"""Forms, all of them with a token that a foreign site cannot know."""

from flask_wtf import CSRFProtect, FlaskForm

csrf = CSRFProtect()


class Form(FlaskForm):  # type: ignore[misc]  # Flask-WTF ships no types
    """The parent of every form."""
