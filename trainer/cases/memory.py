"""What a player has met so far and may read again while playing: nothing that was not on a page before."""

from collections.abc import Mapping
from dataclasses import dataclass

from trainer.cases.chart import clock
from trainer.cases.engine import Play
from trainer.cases.moments import words
from trainer.cases.values import Case


@dataclass(frozen=True)
class Remembered:
    """One step that has been taken; texts are Markdown.

    Attributes:
        did: the words of the choice; empty when no answer came in time.
        heard: what the answer revealed.
        reason: the player's own, or empty.
    """

    clock: str
    scene: str
    did: str
    heard: tuple[str, ...]
    reason: str


def remembered(case: Case, play: Play, reasons: Mapping[int, str]) -> tuple[Remembered, ...]:
    """Return the steps so far, the newest first; `reasons` are by step, from 0."""
    return tuple(
        Remembered(
            clock=clock(step.before.minute),
            scene=case.scenes[step.scene].title,
            did=words(case, step.choice),
            heard=step.heard,
            reason=reasons.get(number, ""),
        )
        for number, step in reversed(list(enumerate(play.steps)))
    )
