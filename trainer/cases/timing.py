"""How long a moment may last, and how long it has lasted: real seconds, never minutes of the story.

The server's own clock judges. A moment begins with the choice that led to it, and pauses do not count. What is kept
of it is `(timeout)` among the choices, so that a replay needs no clock.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from math import ceil

from trainer.cases.models import CaseEvent, CaseRun, EventKind, Pace, Purpose

GRACE = 5
"""Seconds that an answer may be on its way after the time is up."""

WARNING = 20
"""Seconds before the end at which a countdown speaks; WCAG 2.2, success criterion 2.2.1, asks for this many."""

MORE_TIME = "(more time)"
"""What a RESUME holds when it asked for more time and ended no pause."""

FACTORS = (100, 150, 200, 0)
"""How much longer than written limits may be made, in per cent; 0 takes them away."""


@dataclass(frozen=True)
class Span:
    """How long this moment may last, and how long it has lasted.

    Attributes:
        limit: seconds, with what was granted; None when the moment has no limit.
        extension: seconds that one request for more time adds; 0 where none can be asked for.
        spent: seconds since the moment began, without pauses.
    """

    limit: int | None
    extension: int
    spent: float

    @property
    def left(self) -> int:
        """Seconds left, rounded up so that a countdown never ends before the server agrees; 0 without a limit."""
        return max(0, ceil(self.limit - self.spent)) if self.limit is not None else 0

    @property
    def is_up(self) -> bool:
        """Whether the time has run out."""
        return self.limit is not None and self.spent >= self.limit

    @property
    def is_late(self) -> bool:
        """Whether an answer that arrives now comes too late."""
        return self.limit is not None and self.spent > self.limit + GRACE

    @property
    def can_grow(self) -> bool:
        """Whether more time may be asked for: never more than one extension ahead, so that a second click adds none."""
        return self.extension > 0 and self.left <= self.extension and not self.is_late


def span_of(run: CaseRun, seconds: int | None, events: Sequence[CaseEvent], now: datetime) -> Span:
    """Return how the moment stands.

    Args:
        seconds: the limit as its author wrote it, or None.
        events: everything that has happened in the run, in order.
    """
    spent, granted = _since_the_last_choice(run, events, now)
    limit = limit_of(run, seconds)
    if limit is None:
        return Span(None, 0, spent)
    extension = limit if run.purpose is Purpose.PRACTICE else 0
    return Span(limit + granted * extension, extension, spent)


def limit_of(run: CaseRun, seconds: int | None) -> int | None:
    """Return how long a moment may last in this run, in seconds, before anything is added; None without a limit."""
    if seconds is None or run.pace is Pace.CALM or run.factor == 0:
        return None
    return seconds * run.factor // 100


def _since_the_last_choice(run: CaseRun, events: Sequence[CaseEvent], now: datetime) -> tuple[float, int]:
    """Return the seconds spent in the moment without its pauses, and how often more time was given in it."""
    spent, granted, since = 0.0, 0, run.started_at
    paused = False
    for event in events:
        if event.kind is EventKind.CHOICE:
            spent, granted, since, paused = 0.0, 0, event.at, False
        elif event.kind is EventKind.PAUSE and not paused:
            spent, paused = spent + _seconds(since, event.at), True
        elif event.kind is EventKind.RESUME and event.value == MORE_TIME:
            granted += 1
        elif event.kind is EventKind.RESUME and paused:
            since, paused = event.at, False
    return (spent if paused else spent + _seconds(since, now)), granted


def _seconds(since: datetime, until: datetime) -> float:
    return max(0.0, (until - since).total_seconds())


def is_paused(events: Sequence[CaseEvent]) -> bool:
    """Say whether the trainee has stopped and not gone on."""
    for event in reversed(events):
        if event.kind is EventKind.PAUSE:
            return True
        if event.kind is EventKind.CHOICE or (event.kind is EventKind.RESUME and event.value != MORE_TIME):
            return False
    return False


def draft_of(events: Sequence[CaseEvent]) -> str:
    """Return what had been written about this moment when the trainee last stopped in it, or nothing."""
    for event in reversed(events):
        if event.kind is EventKind.PAUSE:
            return event.value
        if event.kind is EventKind.CHOICE:
            break
    return ""
