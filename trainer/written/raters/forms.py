"""What a rater fills in: a step for each criterion, by its anchor, and a comment."""

from wtforms import RadioField, TextAreaField
from wtforms.fields import SelectChoice
from wtforms.validators import DataRequired, Length

from trainer.accounts.forms import trimmed
from trainer.web.forms import Form
from trainer.written.rating import Steps
from trainer.written.task import ALL_STEPS, WrittenTask


class RatingForm(Form):
    """A rating by one rubric, whose criteria `rating_form` adds as fields."""

    comment = TextAreaField(
        "Your comment",
        [
            DataRequired("Please write what the trainee can do better, or what was good; the trainee reads it."),
            Length(min=10, max=4000, message="Please write a sentence at least, and 4000 signs at most."),
        ],
        filters=[trimmed],
        description="The trainee reads this without your name. Say what you saw in the words, and what to try next.",
    )

    @property
    def steps(self) -> Steps:
        """Return the step of each criterion, in the order of the rubric; only where the form is filled in."""
        return tuple(int(field.data) for field in self if isinstance(field, RadioField))


def rating_form(task: WrittenTask) -> type[RatingForm]:
    """Return the form for a task: one question for each criterion, whose answers are its anchors."""
    criteria = {
        f"step{place}": RadioField(
            criterion.name,
            choices=[SelectChoice(value=str(step), label=f"{step}: {criterion.anchors[step]}") for step in ALL_STEPS],
            validators=[DataRequired(f"Please choose a step for “{criterion.name}”.")],
        )
        for place, criterion in enumerate(task.rubric)
    }
    return type("RatingForm", (RatingForm,), criteria)
