"""A run as a story: each scene as it was met, what was done in it, and what answered; nothing that judges."""

from collections.abc import Sequence
from dataclasses import dataclass

from trainer.cases.play.chart import clock
from trainer.cases.play.engine import Play
from trainer.cases.play.memory import choice_words
from trainer.cases.play.view import shown_in
from trainer.cases.runs.walk import stays
from trainer.cases.script.room import Room
from trainer.cases.script.values import Case


@dataclass(frozen=True)
class StoryStep:
    """One thing that was done, and what answered it; texts are Markdown.

    Attributes:
        seen: what was on the page then and had not been told before in this scene.
        did: empty where no answer came in time.
    """

    clock: str
    seen: Sequence[str]
    did: str
    heard: Sequence[str]


@dataclass(frozen=True)
class StoryScene:
    """One stay in a scene; `chapter` is empty, and `room` None, where it is that of the scene before."""

    chapter: str
    title: str
    room: Room | None
    steps: Sequence[StoryStep]


def story_of(case: Case, play: Play) -> Sequence[StoryScene]:
    """Tell a play from its beginning to its end, scene by scene."""
    told: list[StoryScene] = []
    last, drawn = "", None
    for numbers in stays(play):
        scene = case.scenes[play.steps[numbers[0]].scene]
        chapter = case.chapters[scene.chapter].name
        told.append(
            StoryScene(
                chapter=chapter if chapter != last else "",
                title=scene.title,
                room=scene.room if scene.room != drawn else None,
                steps=_steps(case, play, numbers),
            )
        )
        last, drawn = chapter, scene.room
    return told


def _steps(case: Case, play: Play, numbers: range) -> Sequence[StoryStep]:
    known: set[str] = set()
    steps: list[StoryStep] = []
    for number in numbers:
        step = play.steps[number]
        seen = [paragraph for paragraph in shown_in(case, step.before) if paragraph not in known]
        known.update(seen)
        steps.append(StoryStep(clock(step.before.minute), seen, choice_words(case, step.choice), step.heard))
    return steps
