"""What a player may see at this moment: never a score, a condition, an expert or another scene."""

from dataclasses import dataclass

from trainer.cases.physiology.curves import number_of, phase
from trainer.cases.play.engine import Play, options
from trainer.cases.play.state import PlayState, values_in, vital
from trainer.cases.script.values import VITALS, Case, Scene


@dataclass(frozen=True)
class Sign:
    """A vital sign now; `change` is how much more or less it is than at the last decision."""

    name: str
    value: int
    change: int

    @property
    def trend(self) -> str:
        """Name the direction: rising, falling or steady."""
        return "rising" if self.change >= 4 else "falling" if self.change <= -4 else "steady"


@dataclass(frozen=True)
class OpenChoice:
    """A choice that is open: its id (never sent to the browser) and its words (Markdown)."""

    id: str
    text: str


@dataclass(frozen=True)
class View:
    """One scene as it stands; `phase` and `signs` are empty in a chapter without vital signs."""

    chapter: str
    scene: str
    title: str
    minute: int
    paragraphs: tuple[str, ...]
    heard: tuple[str, ...]
    answers: tuple[OpenChoice, ...]
    prompt: str
    limit: int | None
    phase: str
    signs: tuple[Sign, ...]


def view(case: Case, play: Play) -> View:
    """Return what can be seen now; the order of the answers is the play's own and stays as it is."""
    state = play.state
    scene = case.scenes[state.scene]
    chapter = case.chapters[scene.chapter]
    return View(
        chapter=chapter.name,
        scene=scene.id,
        title=scene.title,
        minute=state.minute,
        paragraphs=shown_in(case, state),
        heard=play.heard,
        answers=tuple(
            OpenChoice(order, case.choices[order].text) for order in ordered(scene, state, options(case, state))
        ),
        prompt=scene.prompt,
        limit=scene.limit,
        phase=phase(case.head.profile, max(0, state.minute), state.supplement) if chapter.vitals else "",
        signs=signs(case, play) if chapter.vitals else (),
    )


def shown_in(case: Case, state: PlayState) -> tuple[str, ...]:
    """Return the paragraphs (Markdown) of the scene that are shown in this state."""
    value_of = values_in(case, state)
    return tuple(paragraph.text for paragraph in case.scenes[state.scene].paragraphs if paragraph.when.holds(value_of))


def ordered(scene: Scene, state: PlayState, choice_ids: tuple[str, ...]) -> tuple[str, ...]:
    """Shuffle the answers by the seed; what ends an interview stays at its end."""
    leaves = {choice.id: scene.interview and choice.next is not None for choice in scene.choices}
    return tuple(sorted(choice_ids, key=lambda one: (leaves[one], number_of(state.seed, state.variant, scene.id, one))))


def signs(case: Case, play: Play) -> tuple[Sign, ...]:
    """Return the vital signs now, and how they have changed since the last decision in this chapter."""
    state = play.state
    here = case.scenes[state.scene].chapter
    before = play.steps[-1].before if play.steps else state
    last = before if case.scenes[before.scene].chapter == here else state
    return tuple(
        Sign(name, vital(case, state, name), vital(case, state, name) - vital(case, last, name)) for name in VITALS
    )
