"""What happened in one run, read once for all who ask: play, debrief, examination and figures.

A run is a row of moments. Each begins with the choice that led to it and ends with its own; in between somebody thinks,
may pause, and may ask for more time. What a person thought is what was not paused; whether a pause also stopped the
clock is for `trainer.cases.runs.timing` to say.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from functools import cached_property
from itertools import takewhile
from typing import NamedTuple, Self

from trainer.cases.runs.drafts import Draft
from trainer.cases.runs.words import EventKind

MORE_TIME = "(more time)"
"""What a RESUME holds when it asked for more time and ended no pause."""


class Event(NamedTuple):
    """One thing the trainee did; `value` is a choice's id, words, or the reaction as JSON."""

    kind: EventKind
    value: str
    at: datetime


@dataclass(frozen=True)
class Reaction:
    """The first words after the end; `felt` is how sure somebody felt, 1 to 5, by competency."""

    words: str = ""
    felt: Mapping[str, int] = field(default_factory=dict)

    def written(self) -> str:
        """Return what is kept of it."""
        return json.dumps({"words": self.words, "felt": dict(self.felt)})

    @classmethod
    def read(cls, kept: str) -> Self:
        """Read what was kept; a competency that nobody rated is none of it."""
        plain = json.loads(kept)
        felt = plain.get("felt", {})
        return cls(plain.get("words", ""), {competency: mark for competency, mark in felt.items() if mark})


class Pause(NamedTuple):
    """When somebody paused and went on; `ended` is None while they pause, or where a choice came without a return."""

    began: datetime
    ended: datetime | None = None


class Deliberation(NamedTuple):
    """One moment of a run, from the choice that led to it to its own.

    Attributes:
        ended: when it was answered; None for the present moment.
        extensions: how often more time was given.
    """

    began: datetime
    ended: datetime | None
    pauses: tuple[Pause, ...]
    extensions: int

    @property
    def is_paused(self) -> bool:
        """Whether somebody has stopped and not gone on."""
        return bool(self.pauses) and self.pauses[-1].ended is None

    def thought(self, now: datetime | None = None) -> float:
        """Return the seconds that were not paused.

        Args:
            now: until when the present moment has lasted; without it, what was thought since its last pause is left
                out. A moment that was answered does not ask.
        """
        since, seconds = self.began, 0.0
        for pause in self.pauses:
            seconds += between(since, pause.began)
            if pause.ended is None:
                return seconds
            since = pause.ended
        until = self.ended or now
        return seconds + between(since, until) if until else seconds

    @property
    def rested(self) -> float:
        """The seconds of its pauses that have ended."""
        return sum(between(pause.began, pause.ended) for pause in self.pauses if pause.ended)


@dataclass(frozen=True)
class Transcript:
    """Everything that happened in one run, in order.

    Attributes:
        began: when the run began.
    """

    began: datetime
    events: tuple[Event, ...] = ()

    @cached_property
    def inputs(self) -> tuple[str, ...]:
        """The choices, in order; `(timeout)` where no answer came."""
        return tuple([event.value for event in self.events if event.kind is EventKind.CHOICE])

    @cached_property
    def reasons(self) -> Mapping[int, str]:
        """The reasons given, by the step (from 0) they were given with."""
        reasons: dict[int, str] = {}
        step = -1
        for event in self.events:
            if event.kind is EventKind.CHOICE:
                step += 1
            elif event.kind is EventKind.REASON:
                reasons[step] = event.value
        return reasons

    @cached_property
    def reaction(self) -> Reaction | None:
        """The first words after the end; None until they were said."""
        kept = next((event.value for event in self.events if event.kind is EventKind.REACTION), None)
        return None if kept is None else Reaction.read(kept)

    @cached_property
    def draft(self) -> Draft:
        """What is kept of the present moment: the last mark, and the words of the last pause."""
        kept: dict[EventKind, str] = {}
        for event in takewhile(lambda event: event.kind is not EventKind.CHOICE, reversed(self.events)):
            kept.setdefault(event.kind, event.value)
        return Draft(marked=kept.get(EventKind.MARK, ""), words=kept.get(EventKind.PAUSE, ""))

    @property
    def is_paused(self) -> bool:
        """Whether the trainee has stopped and not gone on."""
        return self.deliberations[-1].is_paused

    @cached_property
    def deliberations(self) -> tuple[Deliberation, ...]:
        """Every moment so far; the present one comes last."""
        moments: list[Deliberation] = []
        began, pauses, extensions = self.began, list[Pause](), 0
        for kind, value, at in self.events:
            paused = bool(pauses) and pauses[-1].ended is None
            if kind is EventKind.CHOICE:
                moments.append(Deliberation(began, at, tuple(pauses), extensions))
                began, pauses, extensions = at, [], 0
            elif kind is EventKind.PAUSE and not paused:
                pauses.append(Pause(at))
            elif kind is EventKind.RESUME and value == MORE_TIME:
                extensions += 1
            elif kind is EventKind.RESUME and paused:
                pauses[-1] = Pause(pauses[-1].began, at)
        return (*moments, Deliberation(began, None, tuple(pauses), extensions))

    def then(self, *events: Event) -> Self:
        """Return the transcript with what happened next."""
        return replace(self, events=(*self.events, *events))

    def before(self, number: int | None) -> Self:
        """Return the transcript as it was when so many things had happened; all of it for None."""
        return replace(self, events=self.events[:number])


def between(since: datetime, until: datetime) -> float:
    """Return the seconds between two moments, never less than none: of two clicks at once the later may come first."""
    return max(0.0, (until - since).total_seconds())
