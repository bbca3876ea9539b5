"""What a trainee writes when they look back."""

from wtforms import BooleanField, SelectField, TextAreaField
from wtforms.validators import DataRequired, Length

from trainer.authoring.markdown import plain_line
from trainer.cases.afterwards.services import LONGEST_NOTE
from trainer.cases.runs.models import CaseNote
from trainer.cases.runs.run import Run
from trainer.web.forms import Form, SeenForm, number_in

_SHORTER = Length(max=LONGEST_NOTE, message="Please keep it below 2,000 characters.")


class NoteForm(SeenForm):
    """A few lines for oneself."""

    note = TextAreaField(
        "What would you watch for next time?",
        [_SHORTER],
        description="Three to six lines, for you. You can change it; nobody else reads it unless you share it.",
        render_kw={"rows": 5, "maxlength": LONGEST_NOTE},
    )
    shared = BooleanField("Share this note with my supervisor and my programme director")

    @property
    def known(self) -> int | None:
        """Return the number of the version that the page had shown, 0 for none; None where it does not say."""
        return number_in(self.mark)


class CommentForm(Form):
    """A word to the authors about one scene; `scene` is a step of the run, never an id of the text."""

    scene = SelectField("Which scene?", validate_choice=True, id="scene-told")
    comment = TextAreaField(
        "What should they know?",
        [DataRequired("Write something first."), _SHORTER],
        description="What was unclear, wrong or hard to believe? The authors read it without your name.",
        render_kw={"maxlength": LONGEST_NOTE},
    )


def note_form_for(note: CaseNote | None) -> NoteForm:
    """Return the form with the note as it stands now."""
    form = NoteForm(formdata=None, note=note.text if note else "", shared=note and note.shared)
    return form.shows(note.seq if note else 0, anew=True)


def comment_form_for(run: Run, form: CommentForm) -> CommentForm:
    """Return the form with the scenes that were met in this run, each once."""
    first = {step.scene: number for number, step in reversed(list(enumerate(run.play.steps)))}
    scenes = run.case.scenes
    form.scene.choices = [(str(number), plain_line(scenes[scene].title)) for scene, number in reversed(first.items())]
    return form
