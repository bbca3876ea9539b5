"""One run as it stands: how it was begun, its text, what happened in it, and the play that makes."""

import hashlib
import hmac
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from functools import cached_property
from typing import Protocol, Self

from trainer.cases.play.engine import Play, replay
from trainer.cases.runs.timing import Span, Standstill, Terms, span_of, standstill, time_limits
from trainer.cases.runs.transcript import Event, Transcript
from trainer.cases.runs.words import Pace, RunPurpose
from trainer.cases.script.values import Case


@dataclass(frozen=True, kw_only=True)
class Setup:
    """What a run is begun with; `pauses` is how many can stop the clock of a moment, None for as many as wanted."""

    variant: str
    seed: int
    pace: Pace
    pauses: int | None = None


class Begun(Terms, Protocol):
    """A run as it was begun, see `trainer.cases.runs.models.CaseRun`."""

    id: str
    enrolment_id: str
    release_hash: str
    case_slug: str
    variant: str
    seed: int
    number: int
    started_at: datetime


@dataclass(frozen=True)
class Run:
    """A run with everything that is derived from what was kept of it.

    Attributes:
        record: how it was begun.
        case: its text as it was then.
        transcript: what has happened in it since.
    """

    record: Begun
    case: Case
    transcript: Transcript

    @property
    def id(self) -> str:
        """Its id."""
        return self.record.id

    @cached_property
    def play(self) -> Play:
        """The play that its transcript makes; raises Refused when its text does not allow that any more."""
        return replay(self.case, self.record.variant, self.record.seed, self.transcript.inputs)

    @property
    def has_ended(self) -> bool:
        """Whether the play has come to its end."""
        return bool(self.play.state.ending)

    @property
    def is_paused(self) -> bool:
        """Whether the trainee has stopped and not gone on."""
        return self.transcript.is_paused

    @property
    def is_practice(self) -> bool:
        """Whether it is practice: only then may its trainee look back at it as soon as it has ended.

        An examination's run tells nothing in this room, before or after its end: the room of examinations decides when
        its result is released, and shows the debrief itself.
        """
        return self.record.purpose is RunPurpose.PRACTICE

    @property
    def can_be_debriefed(self) -> bool:
        """Whether it has ended and its first words were said: nobody reads a score before them."""
        return self.has_ended and self.transcript.reaction is not None

    @property
    def limits(self) -> Sequence[int | None]:
        """The limit of every moment so far, in seconds as its author wrote it, or None; the present one comes last."""
        return time_limits(self.case, self.play)

    def span(self, now: datetime) -> Span:
        """Return how long the present moment may last and has lasted."""
        return span_of(self.record, self.limits, self.transcript, now)

    def standstill(self, now: datetime) -> Standstill:
        """Return what pauses have done to its clock."""
        return standstill(self.record, self.limits, self.transcript, now)

    def token(self, secret: str, choice_id: str) -> str:
        """Return the word for a choice, or for `(timeout)`, in this moment and in no other."""
        return option_token(secret, run_id=self.id, step=len(self.play.steps), choice_id=choice_id)

    def then(self, *events: Event) -> Self:
        """Return the run with what happened next."""
        return replace(self, transcript=self.transcript.then(*events))


def option_token(secret: str, *, run_id: str, step: int, choice_id: str) -> str:
    """Return what a page calls a choice: 22 characters that say nothing and fit only this run and this moment.

    Only the server can connect them with the choice (HMAC-SHA-256, 88 bits).
    """
    message = f"case option\0{run_id}\0{step}\0{choice_id}".encode()
    return hmac.new(secret.encode(), message, hashlib.sha256).hexdigest()[:22]
