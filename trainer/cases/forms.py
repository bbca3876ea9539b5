"""What a trainee sends in a case."""

from collections.abc import Sequence
from dataclasses import dataclass

from flask import request
from flask_babel import lazy_gettext as _
from wtforms import TextAreaField
from wtforms.validators import Length

from trainer.cases.play.engine import TIMEOUT, Play, options
from trainer.cases.runs.drafts import Draft, draft_of, ends_with, joined, tidied
from trainer.cases.runs.models import CaseEvent, CaseRun
from trainer.cases.runs.tokens import option_token
from trainer.cases.runs.words import EventKind
from trainer.cases.script.values import Case
from trainer.web import settings
from trainer.web.forms import Form, number_in


@dataclass(frozen=True, kw_only=True)
class Sent:
    """What a page of a run has sent.

    Attributes:
        here: it is a page of this very moment.
        draft: what is marked and written in this moment by now, on this page or another.
        unkept: words from a page of another moment that are kept nowhere.
    """

    here: bool
    draft: Draft
    unkept: str


def token_in(run: CaseRun, so_far: Play, choice_id: str) -> str:
    """Return the word for a choice, or for `(timeout)`, in this moment and in no other."""
    return option_token(settings().secret_key, run_id=run.id, step=len(so_far.steps), choice_id=choice_id)


def sent_in(run: CaseRun, case: Case, events: Sequence[CaseEvent], so_far: Play) -> Sent:
    """Read what a page has sent, which may be older than what has happened since."""
    form, kept = request.form, draft_of(events)
    choice, written = form.get("choice", ""), form.get("reason")
    marked = next((one for one in options(case, so_far.state) if token_in(run, so_far, one) == choice), "")
    silence = token_in(run, so_far, TIMEOUT)
    here = bool(marked) if choice else form.get("moment", silence) == silence
    if here and not so_far.state.ending:
        shown = draft_of(events[: number_in(form.get("seen", ""))])
        words = joined(kept.words, shown=shown.words, here=written)
        return Sent(here=True, draft=Draft(marked or kept.marked, words), unkept="")
    said = tidied(written or "")
    told = any(one.kind is EventKind.REASON and ends_with(one.value, said) for one in events)  # a second click
    return Sent(here=False, draft=kept, unkept="" if told else said)


class ReactionForm(Form):
    """The first words after the end; blank is fine."""

    words = TextAreaField(
        _("How was that?"),
        [Length(max=2000, message=_("Please keep it below 2,000 characters."))],
        description=_("A line or two, just for you. It is kept with this run; you can also leave it blank."),
    )
