"""What a trainee sends: the words of an answer."""

from wtforms import HiddenField, TextAreaField

from trainer.web.forms import Form, number_in


class AnswerForm(Form):
    """The box in which an answer is written; `seen` is the number of the last words that its page knew of."""

    text = TextAreaField("Your answer", render_kw={"rows": "12"})
    seen = HiddenField()

    @property
    def written(self) -> str:
        """Return what was typed."""
        return self.text.data or ""

    @property
    def knew_of(self) -> int:
        """Return the number of the last words that the page knew of; 0 where it does not say."""
        return number_in(self.seen.data or "") or 0
