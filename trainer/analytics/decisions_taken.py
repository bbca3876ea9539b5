"""A play as a row of decisions, followed once however often somebody looks.

What was played, and in which text, never changes; so what became of it is kept for the next page.
"""

from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache

from trainer.cases.afterwards.moments import agreed
from trainer.cases.play.engine import Gains, Step, failed, init, options, step
from trainer.cases.play.state import PlayState, values_in
from trainer.cases.script.values import Case

PLAYS = 30_000
"""So many plays are kept in memory: about half a kilobyte each."""


class DecisionKind(StrEnum):
    """What a choice was: as the expert would, harmful (a critical failure, or points lost), or neither."""

    EXPERT = "expert"
    HARMFUL = "harmful"
    OTHER = "other"


@dataclass(frozen=True, slots=True)
class DecisionTaken:
    """One decision, whoever took it.

    Attributes:
        offered: the choices that were open.
        words: how many words were there to be read.
    """

    scene: str
    choice: str
    sort: DecisionKind
    offered: tuple[str, ...]
    words: int


@lru_cache(maxsize=PLAYS)
def decisions_taken(case: Case, variant: str, seed: int, inputs: tuple[str, ...]) -> tuple[DecisionTaken, ...]:
    """Follow a play through its scenes.

    Raises:
        Refused: one of the inputs was not open.
    """
    state = init(case, variant, seed)
    stops: list[DecisionTaken] = []
    for given in inputs:
        offered = options(case, state)
        after, gains = step(case, state, given)
        sort = _sort(case, Step(state.scene, given, state, after, gains))
        stops.append(_shared(state.scene, given, sort, offered, _words(case, state, offered)))
        state = after
    return tuple(stops)


@lru_cache(maxsize=PLAYS)
def _shared(scene: str, choice: str, sort: DecisionKind, offered: tuple[str, ...], words: int) -> DecisionTaken:
    """Return the same object for the same decision: most people take one that others have taken."""
    return DecisionTaken(scene, choice, sort, offered, words)


def _sort(case: Case, done: Step) -> DecisionKind:
    if _lost(done.gains) or failed(case, done.before, done.choice):
        return DecisionKind.HARMFUL
    return DecisionKind.EXPERT if agreed(case, done) else DecisionKind.OTHER


def _lost(gains: Gains) -> bool:
    return sum(points for _, points in gains) < 0


def _words(case: Case, state: PlayState, offered: tuple[str, ...]) -> int:
    value_of = values_in(case, state)
    there = sum(
        _length(paragraph.text) for paragraph in case.scenes[state.scene].paragraphs if paragraph.when.holds(value_of)
    )
    return there + sum(_length(case.choices[choice].text) for choice in offered)


@lru_cache(maxsize=10_000)
def _length(text: str) -> int:
    return len(text.split())
