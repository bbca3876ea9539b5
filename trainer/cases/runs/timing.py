"""How long a moment may last, and how long it has lasted: real seconds, never minutes of the story.

The server's own clock judges. A moment begins with the choice that led to it. A pause stops its clock: in practice
always, in an examination a few times and for a while (decision 0030). What is kept of a moment without an answer is
`(timeout)` among the choices, so that a replay needs no clock.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from math import ceil
from typing import NamedTuple, Protocol

from trainer.cases.play.engine import Play
from trainer.cases.runs.transcript import Transcript, between
from trainer.cases.runs.words import Pace, RunPurpose
from trainer.cases.script.values import Case

ARRIVAL_SECONDS = 5
"""Seconds that an answer may be on its way after the time is up."""

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
        return self.limit is not None and self.spent > self.limit + ARRIVAL_SECONDS

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

    count: int
    seconds: float
    until: datetime | None = None


class Terms(Protocol):
    """How the clock of a run was set when the run began, see `trainer.cases.runs.models.CaseRun`."""

    purpose: RunPurpose
    pace: Pace
    factor: int
    pauses: int | None


class _Stop(NamedTuple):
    """What one pause did to the clock: for how many seconds it stood still, and for how many it ran on.

    Attributes:
        counts: the moment has a limit.
        longest: for how many seconds it can stop the clock; 0 where it does not, or where nobody counts.
    """

    counts: bool
    stood: float
    ran: float
    longest: int = 0


def span_of(terms: Terms, limits: Sequence[int | None], transcript: Transcript, now: datetime) -> Span:
    """Return how the present moment stands.

    Args:
        limits: of every moment so far, as `time_limits` returns them.
    """
    present, stops = transcript.deliberations[-1], _stops(terms, limits, transcript, now)[-1]
    spent = present.thought(now) + sum(stop.ran for stop in stops)
    limit = limit_of(terms, limits[-1])
    if limit is None:
        return Span(None, 0, spent)
    extension = limit if terms.purpose is RunPurpose.PRACTICE else 0
    return Span(limit + present.extensions * extension, extension, spent)


def standstill(terms: Terms, limits: Sequence[int | None], transcript: Transcript, now: datetime) -> Standstill:
    """Return what pauses have done to the clock of a run.

    Args:
        limits: of every moment so far, as `time_limits` returns them.
    """
    moments, present = _stops(terms, limits, transcript, now), transcript.deliberations[-1]
    counted = [stop for stops in moments for stop in stops if stop.counts]
    longest = moments[-1][-1].longest if present.is_paused else 0
    return Standstill(
        count=len(counted) if terms.pauses is None else min(len(counted), terms.pauses),
        seconds=sum(stop.stood for stop in counted),
        until=present.pauses[-1].began + timedelta(seconds=longest) if longest else None,
    )


def _stops(
    terms: Terms, limits: Sequence[int | None], transcript: Transcript, now: datetime
) -> Sequence[Sequence[_Stop]]:
    """Return for each moment what its pauses did to the clock."""
    moments, count = [], 0
    for moment, seconds in zip(transcript.deliberations, limits, strict=True):
        stops, timed = [], limit_of(terms, seconds) is not None
        for pause in moment.pauses:
            count += timed
            until = pause.ended or (now if moment.ended is None else pause.began)
            stops.append(_stop(terms, between(pause.began, until), count if timed else None))
        moments.append(stops)
    return moments


def _stop(terms: Terms, lasted: float, number: int | None) -> _Stop:
    """Return what a pause did to the clock.

    A pause stops it. Where pauses are counted, so many of those made in a moment with a limit do, each for
    `longest_pause`; beyond that the clock runs on.

    Args:
        lasted: seconds.
        number: the pause is the first, second … in a moment with a limit; None where its moment has none.
    """
    if terms.pauses is None or number is None:
        return _Stop(number is not None, lasted, 0.0)
    longest = longest_pause(terms) if number <= terms.pauses else 0
    stood = min(lasted, longest)
    return _Stop(True, stood, lasted - stood, longest)


def limit_of(terms: Terms, seconds: int | None) -> int | None:
    """Return how long a moment may last in this run, in seconds, before anything is added; None without a limit."""
    return limited(seconds, pace=terms.pace, factor=terms.factor)


def limited(seconds: int | None, *, pace: Pace, factor: int) -> int | None:
    """Return how long a moment may last, in seconds; None without a limit.

    Args:
        seconds: the limit as its author wrote it, or None.
        factor: in per cent of that; 0 takes limits away.
    """
    if seconds is None or pace is Pace.CALM or factor == 0:
        return None
    return seconds * factor // 100


def time_limits(case: Case, play: Play) -> tuple[int | None, ...]:
    """Return the limit of every moment so far as its author wrote it, or None; the present one comes last."""
    present = None if play.state.ending else case.scenes[play.state.scene].limit
    return (*[case.scenes[step.scene].limit for step in play.steps], present)


def longest_pause(terms: Terms) -> int:
    """Return for how many seconds one pause can stop the clock of this run, with what its person has been granted."""
    return LONGEST_PAUSE * max(100, terms.factor) // 100
