"""What one person did in one run, step by step, as the figures need it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import NamedTuple, Protocol

from trainer.analytics.decisions_taken import DecisionKind, DecisionTaken
from trainer.cases.play.score import KeptResult
from trainer.cases.runs.transcript import Event, Transcript

__all__ = ["Counted", "DecisionKind", "Ended", "Marked", "Taken", "Trace", "mean_of", "trace_of"]


def mean_of(percents: Mapping[str, int | None]) -> float | None:
    """Return the mean over the competencies that were shown, 0 to 100; None when none was."""
    shown = [percent for percent in percents.values() if percent is not None]
    return sum(shown) / len(shown) if shown else None


class Marked(Protocol):
    """A run as far as the overview needs it; `percents` by competency."""

    @property
    def run_id(self) -> str:
        """Its id."""

    @property
    def person_id(self) -> str:
        """Whose it is."""

    @property
    def case(self) -> str:
        """The slug of its case."""

    @property
    def passed(self) -> bool:
        """Whether it was passed by its first score."""

    @property
    def percents(self) -> Mapping[str, int | None]:
        """The per cent reached, by competency; None where it was not shown."""

    @property
    def score(self) -> float | None:
        """The mean over the competencies that were shown."""


class Counted(NamedTuple):
    """The least that is fetched of a run that came to its end; `percents` by competency."""

    run_id: str
    person_id: str
    case: str
    passed: bool
    percents: Mapping[str, int | None]

    @property
    def score(self) -> float | None:
        """The mean over the competencies that were shown, 0 to 100; None when none was."""
        return mean_of(self.percents)


@dataclass(frozen=True)
class Ended:
    """One run that came to its end, as it was scored then."""

    run_id: str
    person_id: str
    enrolment_id: str
    cohort_id: str
    case: str
    case_hash: str
    release_hash: str
    variant: str
    seed: int
    number: int
    started_at: datetime
    ended_at: datetime
    passed: bool
    ending: str
    rubric: str
    result: KeptResult

    @property
    def percents(self) -> Mapping[str, int | None]:
        """The per cent reached, by competency; None where it was not shown."""
        return self.result.percents

    @property
    def score(self) -> float | None:
        """The mean over the competencies that were shown, 0 to 100; None when none was."""
        return mean_of(self.percents)

    def transcript(self, events: Mapping[str, Sequence[Event]]) -> Transcript:
        """Return its transcript, from what happened in many runs."""
        return Transcript(self.started_at, tuple(events.get(self.run_id, ())))


@dataclass(frozen=True)
class Taken:
    """One step.

    Attributes:
        seconds: from the moment the scene was there until the choice, without pauses.
        offered: the choices that were open.
        words: how many words were there to be read.
        reason: what was given as the reason, or empty.
    """

    scene: str
    choice: str
    sort: DecisionKind
    seconds: float
    offered: tuple[str, ...]
    words: int
    reason: str = ""


@dataclass(frozen=True)
class Trace:
    """One run, followed through its scenes."""

    run: Ended
    taken: tuple[Taken, ...]
    scenes: tuple[str, ...] = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "scenes", tuple(dict.fromkeys(step.scene for step in self.taken)))

    def first(self, scene: str) -> Taken | None:
        """Return the first step taken in a scene."""
        return next((step for step in self.taken if step.scene == scene), None)


def trace_of(run: Ended, stops: Sequence[DecisionTaken], transcript: Transcript) -> Trace:
    """Put a run together from the decisions of its play and from what is kept of it."""
    reasons = transcript.reasons
    *answered, _ = transcript.deliberations
    return Trace(
        run,
        tuple(
            Taken(stop.scene, stop.choice, stop.sort, moment.thought(), stop.offered, stop.words, reasons.get(step, ""))
            for step, (stop, moment) in enumerate(zip(stops, answered, strict=True))
        ),
    )
