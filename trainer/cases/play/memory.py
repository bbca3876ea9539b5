"""What a player has met so far and may read again while playing: nothing that was not on a page before."""

from collections.abc import Mapping
from dataclasses import dataclass

from trainer.cases.play.chart import clock
from trainer.cases.play.engine import TIMEOUT, Play
from trainer.cases.script.values import Case


@dataclass(frozen=True)
class Remembered:
    """One step that has been taken; texts are Markdown.

    Attributes:
        chapter: it has a clock of its own.
        did: the words of the choice; empty when no answer came in time.
        heard: what the answer revealed.
        reason: the player's own, or empty.
    """

    chapter: str
    clock: str
    scene: str
    did: str
    heard: tuple[str, ...]
    reason: str


def remembered(case: Case, play: Play, reasons: Mapping[int, str]) -> tuple[Remembered, ...]:
    """Return the steps so far, the newest first; `reasons` are by step, from 0."""
    return tuple(
        Remembered(
            chapter=case.chapters[case.scenes[step.scene].chapter].name,
            clock=clock(step.before.minute),
            scene=case.scenes[step.scene].title,
            did=choice_words(case, step.choice),
            heard=step.heard,
            reason=reasons.get(number, ""),
        )
        for number, step in reversed(list(enumerate(play.steps)))
    )


def choice_words(case: Case, choice_id: str) -> str:
    """Return the text of a choice; nothing for an answer that never came."""
    choice = case.choices.get(choice_id)
    return choice.text if choice else "" if choice_id == TIMEOUT else choice_id
