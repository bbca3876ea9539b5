"""How long a moment may last, and how long it has lasted: real seconds, never minutes of the story.

The server's own clock judges. A moment begins with the choice that led to it. A pause stops its clock: in practice
always, in an examination a few times and for a while (decision 0030). What is kept of a moment without an answer is
`(timeout)` among the choices, so that a replay needs no clock.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from math import ceil
from typing import TYPE_CHECKING

from trainer.cases.play.engine import Play
from trainer.cases.runs.words import EventKind, Pace, Purpose
from trainer.cases.script.values import Case

if TYPE_CHECKING:
    from trainer.cases.runs.models import CaseEvent, CaseRun

GRACE = 5
"""Seconds that an answer may be on its way after the time is up."""

WARNING = 20
"""Seconds before the end at which a countdown speaks; WCAG 2.2, success criterion 2.2.1, asks for this many."""

MORE_TIME = "(more time)"
"""What a RESUME holds when it asked for more time and ended no pause."""

PAUSES = 3
"""So many pauses of one sitting stop the clock of a moment."""

LONGEST_PAUSE = 600
"""Seconds for which one of them stops it, before anything is granted."""

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


@dataclass(frozen=True)
class Standstill:
    """What pauses have done to the clock of a run.

    Attributes:
        count: how many pauses have stopped it; seconds: for how long in all.
        until: the run is paused and the clock stands still until then, whatever the pause lasts; None otherwise.
    """

    count: int = 0
    seconds: float = 0.0
    until: datetime | None = None


def span_of(
    run: CaseRun, seconds: int | None, events: Sequence[CaseEvent], now: datetime, *, before: Sequence[int | None] = ()
) -> Span:
    """Return how the moment stands.

    Args:
        seconds: the limit as its author wrote it, or None.
        events: everything that has happened in the run, in order.
        before: the limits of the moments before this one, in order; what a run with counted pauses needs to know.
    """
    spent, granted, _ = _fold(run, (*before, seconds), events, now)
    limit = limit_of(run, seconds)
    if limit is None:
        return Span(None, 0, spent)
    extension = limit if run.purpose is Purpose.PRACTICE else 0
    return Span(limit + granted * extension, extension, spent)


def standstill(run: CaseRun, limits: Sequence[int | None], events: Sequence[CaseEvent], now: datetime) -> Standstill:
    """Return what pauses have done to the clock of a run.

    Args:
        limits: of every moment so far, as `limits_of` returns them.
    """
    return _fold(run, limits, events, now)[2]


def limit_of(run: CaseRun, seconds: int | None) -> int | None:
    """Return how long a moment may last in this run, in seconds, before anything is added; None without a limit."""
    return limited(seconds, pace=run.pace, factor=run.factor)


def limited(seconds: int | None, *, pace: Pace, factor: int) -> int | None:
    """Return how long a moment may last, in seconds; None without a limit.

    Args:
        seconds: the limit as its author wrote it, or None.
        factor: in per cent of that; 0 takes limits away.
    """
    if seconds is None or pace is Pace.CALM or factor == 0:
        return None
    return seconds * factor // 100


def limits_of(case: Case, play: Play) -> tuple[int | None, ...]:
    """Return the limit of every moment so far as its author wrote it, or None; the present one comes last."""
    present = None if play.state.ending else case.scenes[play.state.scene].limit
    return (*[case.scenes[step.scene].limit for step in play.steps], present)


def longest_pause(run: CaseRun) -> int:
    """Return for how many seconds one pause can stop the clock of this run, with what its person has been granted."""
    return LONGEST_PAUSE * max(100, run.factor) // 100


def _fold(
    run: CaseRun, limits: Sequence[int | None], events: Sequence[CaseEvent], now: datetime
) -> tuple[float, int, Standstill]:
    """Return the seconds spent in the last moment, how often more time was given in it, and what pauses have done.

    A pause stops the clock. Where pauses are counted, so many of those made in a moment with a limit do, each for
    `longest_pause`; beyond that the clock runs on.
    """
    moments = 1 + sum(event.kind is EventKind.CHOICE for event in events)
    limit = iter((*[None] * (moments - len(limits)), *limits))
    timed = limit_of(run, next(limit)) is not None
    spent, granted, since = 0.0, 0, run.started_at
    count, stopped, paused = 0, 0.0, False

    def stands(until: datetime) -> float:
        """Return for how long the present pause has stopped the clock at that moment."""
        lasted = _seconds(since, until)
        if run.pauses is None or not timed:
            return lasted
        return min(lasted, longest_pause(run)) if count <= run.pauses else 0.0

    for event in events:
        if event.kind is EventKind.CHOICE:
            timed = limit_of(run, next(limit)) is not None
            spent, granted, since, paused = 0.0, 0, event.at, False
        elif event.kind is EventKind.PAUSE and not paused:
            spent, since, paused = spent + _seconds(since, event.at), event.at, True
            count += timed
        elif event.kind is EventKind.RESUME and event.value == MORE_TIME:
            granted += 1
        elif event.kind is EventKind.RESUME and paused:
            still = stands(event.at)
            spent, stopped = spent + _seconds(since, event.at) - still, stopped + still * timed
            since, paused = event.at, False
    until = None
    if paused:
        still = stands(now)
        spent, stopped = spent + _seconds(since, now) - still, stopped + still * timed
        if timed and run.pauses is not None and count <= run.pauses:
            until = since + timedelta(seconds=longest_pause(run))
    else:
        spent += _seconds(since, now)
    used = count if run.pauses is None else min(count, run.pauses)
    return spent, granted, Standstill(used, stopped, until)


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
