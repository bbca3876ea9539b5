"""What one person did in one run, step by step, as the figures need it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, NamedTuple, Protocol

from trainer.analytics.stops import Sort, Stop

__all__ = ["Counted", "Ended", "Happened", "Marked", "Sort", "Taken", "Trace", "mean_of", "trace_of"]


class Happened(NamedTuple):
    """One event of a run, in order; the kinds are those of `cases.runs.models.EventKind`."""

    kind: str
    value: str
    at: datetime


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
    """One run that came to its end, as it was scored then.

    Attributes:
        result: the stored result, as `Result.plain` writes it.
    """

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
    result: Mapping[str, Any]

    @property
    def percents(self) -> Mapping[str, int | None]:
        """The per cent reached, by competency; None where it was not shown."""
        found: Mapping[str, int | None] = self.result["competencies"]
        return found

    @property
    def score(self) -> float | None:
        """The mean over the competencies that were shown, 0 to 100; None when none was."""
        return mean_of(self.percents)


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
    sort: Sort
    seconds: float
    offered: tuple[str, ...]
    words: int
    reason: str = ""


@dataclass(frozen=True)
class Trace:
    """One run, followed through its scenes."""

    run: Ended
    taken: tuple[Taken, ...]
    reaction: str = ""
    scenes: tuple[str, ...] = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "scenes", tuple(dict.fromkeys(one.scene for one in self.taken)))

    def first(self, scene: str) -> Taken | None:
        """Return the first step taken in a scene."""
        return next((one for one in self.taken if one.scene == scene), None)


def trace_of(run: Ended, stops: Sequence[Stop], events: Sequence[Happened]) -> Trace:
    """Put a run together from the decisions of its play and from its events."""
    times, reasons = _seconds(run.started_at, events), _reasons(events)
    taken = tuple(
        Taken(one.scene, one.choice, one.sort, seconds, one.offered, one.words, reasons.get(number, ""))
        for number, (one, seconds) in enumerate(zip(stops, times, strict=True))
    )
    said = next((one.value for one in events if one.kind == "reaction"), "")
    return Trace(run, taken, said)


def _seconds(started_at: datetime, events: Sequence[Happened]) -> list[float]:
    """Return for each choice how long it took: pauses are left out, however long they were."""
    times: list[float] = []
    since, spent = started_at, 0.0
    paused = False
    for one in events:
        gone = (one.at - since).total_seconds()
        match one.kind:
            case "pause":
                spent, since, paused = spent + (0.0 if paused else gone), one.at, True
            case "resume" if paused:  # without a pause somebody asked for more time, and thinks on
                since, paused = one.at, False
            case "choice":
                times.append(spent + (0.0 if paused else gone))
                since, spent, paused = one.at, 0.0, False
            case _:
                continue
    return times


def _reasons(events: Sequence[Happened]) -> dict[int, str]:
    reasons: dict[int, str] = {}
    step = -1
    for one in events:
        if one.kind == "choice":
            step += 1
        elif one.kind == "reason":
            reasons[step] = one.value
    return reasons
