"""Where to go from a debrief, and why: what to read, whether to play again, and which case comes next."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from trainer.cases.afterwards.moments import agreed, expert_id
from trainer.cases.play.engine import Play, Step
from trainer.cases.play.score import CompetencyMark, Result
from trainer.cases.runs.mastery import Mastery
from trainer.cases.script.values import Case

MOST_READING = 2
"""So many places to read at once: more would be a list, not advice."""


class NextReason(StrEnum):
    """Why something comes next."""

    WEAKEST = "weakest"
    AGAIN = "again"
    CASE = "case"


@dataclass(frozen=True)
class Next:
    """One thing to do next.

    Attributes:
        about: the weakest competency, or the slug of another case; empty for this case again.
        read: places in the course, as `module` or `module/lesson`, with or without `#heading`.
    """

    why: NextReason
    about: str = ""
    read: tuple[str, ...] = ()


def what_next(
    case: Case, play: Play, result: Result, mastery: Mastery | None, unplayed: Sequence[str]
) -> tuple[Next, ...]:
    """Say what comes next, the nearest first.

    Args:
        mastery: how far the practice of this case has come; None where it is only examined.
        unplayed: the slugs of the other cases not passed yet, in the order in which they are offered.
    """
    weakest = min((mark for mark in result.marks if mark.percent is not None), key=_room, default=None)
    read = _reading(case, play, weakest.competency) if weakest and weakest.percent != 100 else ()
    return (
        *([Next(NextReason.WEAKEST, weakest.competency, read)] if weakest and read else []),
        *([Next(NextReason.AGAIN)] if mastery and not mastery.met else []),
        *([Next(NextReason.CASE, unplayed[0])] if unplayed else []),
    )


def _room(mark: CompetencyMark) -> int:
    """Return how far a mark is above what is needed, in per cent points."""
    return (mark.percent or 0) - mark.needed


def _reading(case: Case, play: Play, competency: str) -> tuple[str, ...]:
    """Return what the author points to where this competency was at stake and an expert would have acted otherwise."""
    found = [place for step in play.steps if not agreed(case, step) for place in _places(case, step, competency)]
    return tuple(dict.fromkeys(found))[:MOST_READING]


def _places(case: Case, step: Step, competency: str) -> tuple[str, ...]:
    choices = [case.choices.get(choice_id) for choice_id in (step.choice, expert_id(case, step))]
    at_stake = [choice for choice in choices if choice and competency in dict(choice.scores)]
    return tuple(place for choice in at_stake for place in choice.read)
