"""What one person did in one run, step by step, as the figures need it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from statistics import fmean
from typing import Any

from trainer.cases.engine import Play, Step, options
from trainer.cases.moments import agreed
from trainer.cases.state import State, looking
from trainer.cases.values import Case


class Sort(StrEnum):
    """What a choice was: as the expert would, harmful (a critical failure, or points lost), or neither."""

    EXPERT = "expert"
    HARMFUL = "harmful"
    OTHER = "other"


@dataclass(frozen=True)
class Happened:
    """One event of a run, in order; the kinds are those of `cases.models.EventKind`."""

    kind: str
    value: str
    at: datetime


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
    def score(self) -> float | None:
        """The mean over the competencies that were shown, 0 to 100; None when none was."""
        shown = [percent for percent in self.result["competencies"].values() if percent is not None]
        return fmean(shown) if shown else None


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


def trace_of(run: Ended, case: Case, play: Play, events: Sequence[Happened]) -> Trace:
    """Follow a run from its play and its events."""
    times, reasons = _seconds(run.started_at, events), _reasons(events)
    taken = tuple(
        _taken(case, play, number, times[number], reasons.get(number, "")) for number in range(len(play.steps))
    )
    said = next((one.value for one in events if one.kind == "reaction"), "")
    return Trace(run, taken, said)


def _taken(case: Case, play: Play, number: int, seconds: float, reason: str) -> Taken:
    step = play.steps[number]
    offered = options(case, step.before)
    return Taken(
        scene=step.scene,
        choice=step.choice,
        sort=_sort(case, step),
        seconds=seconds,
        offered=offered,
        words=_words(case, step.before, offered),
        reason=reason,
    )


def _sort(case: Case, step: Step) -> Sort:
    if step.failures or sum(points for _, points in step.gains) < 0:
        return Sort.HARMFUL
    return Sort.EXPERT if agreed(case, step) else Sort.OTHER


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
            case "resume":
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


def _words(case: Case, state: State, offered: tuple[str, ...]) -> int:
    scene, look = case.scenes[state.scene], looking(case, state)
    texts = [one.text for one in scene.paragraphs if one.when.holds(look)]
    texts += [case.choices[one].text for one in offered]
    return sum(len(text.split()) for text in texts)
