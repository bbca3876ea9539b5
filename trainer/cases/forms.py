"""What a trainee sends in a case."""

from dataclasses import dataclass

from flask import request
from wtforms import TextAreaField
from wtforms.validators import Length

from trainer.cases.play.engine import TIMEOUT, options
from trainer.cases.runs.drafts import Draft, ends_with, joined, tidied_words
from trainer.cases.runs.run import Run
from trainer.web import settings
from trainer.web.forms import Form, number_in


@dataclass(frozen=True, kw_only=True)
class SentStep:
    """What a page of a run has sent.

    Attributes:
        here: it is a page of this very moment.
        draft: what is marked and written in this moment by now, on this page or another.
        unkept: words from a page of another moment that are kept nowhere.
    """

    here: bool
    draft: Draft
    unkept: str


def token_in(run: Run, choice_id: str) -> str:
    """Return the word for a choice, or for `(timeout)`, in this moment and in no other."""
    return run.token(settings().secret_key, choice_id)


def shown_token(run: Run, moment: int) -> str:
    """Return the word for a moment of the debrief, from 1, which only the page of that moment holds."""
    return token_in(run, f"(debrief {moment})")


def sent_in(run: Run) -> SentStep:
    """Read what a page has sent, which may be older than what has happened since."""
    form, transcript = request.form, run.transcript
    choice, written = form.get("choice", ""), form.get("reason")
    marked = next((open_one for open_one in options(run.case, run.play.state) if token_in(run, open_one) == choice), "")
    silence = token_in(run, TIMEOUT)
    here = bool(marked) if choice else form.get("moment", silence) == silence
    kept = transcript.draft
    if here and not run.has_ended:
        shown = transcript.before(number_in(form.get("seen", ""))).draft
        words = joined(kept.words, shown=shown.words, here=written)
        return SentStep(here=True, draft=Draft(marked or kept.marked, words), unkept="")
    said = tidied_words(written or "")
    told = any(ends_with(reason, said) for reason in transcript.reasons.values())  # a second click
    return SentStep(here=False, draft=kept, unkept="" if told else said)


class ReactionForm(Form):
    """The first words after the end; blank is fine."""

    words = TextAreaField(
        "How was that?",
        [Length(max=2000, message="Please keep it below 2,000 characters.")],
        description="A line or two, just for you. It is kept with this run; you can also leave it blank.",
    )
