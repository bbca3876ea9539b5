"""Chapters, scenes and choices: what a play is made of. Lines count from 1; minutes are simulated minutes."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from functools import cached_property

from trainer.cases.script.conditions import ALWAYS, Condition
from trainer.cases.script.room import Room


class Way(StrEnum):
    """The three ways a choice can lead on."""

    SCENE = "scene"
    BACK = "back"
    END = "end"


@dataclass(frozen=True)
class Target:
    """Where a choice leads: a scene, back to where an event broke in, or an ending."""

    way: Way
    name: str
    line: int


@dataclass(frozen=True)
class Paragraph:
    """A piece of prose (Markdown), shown while its condition holds."""

    text: str
    line: int
    when: Condition = ALWAYS


@dataclass(frozen=True)
class Expert:
    """The expert takes this choice when the condition holds; `last`: only when nothing else is left."""

    when: Condition = ALWAYS
    last: bool = False


@dataclass(frozen=True)
class Choice:
    """One answer a trainee may give.

    Attributes:
        takes: simulated minutes, at least 1.
        gives: the supplemental dose of the profile is taken at the moment of this choice.
        scores: points by competency; counted the first time the choice is taken.
        shifts: changes of numbers, as `("trust", -2)`.
        sets: facts that become true.
        clears: facts that become false.
        next: where it leads; None stays in the interview.
        cautious: what somebody does who always takes the most cautious answer, where the expert would not.
        panel: how many of how many experts would do this.
        cue: what the answer reveals.
        read: places in the course, as `module` or `module/lesson`.
        again: may be taken more than once.
    """

    id: str
    text: str
    line: int
    only_if: Condition = ALWAYS
    takes: int = 1
    gives: bool = False
    scores: tuple[tuple[str, int], ...] = ()
    shifts: tuple[tuple[str, int], ...] = ()
    sets: tuple[str, ...] = ()
    clears: tuple[str, ...] = ()
    next: Target | None = None
    expert: Expert | None = None
    cautious: bool = False
    panel: tuple[int, int] | None = None
    cue: tuple[Paragraph, ...] = ()
    feedback: str = ""
    read: tuple[str, ...] = ()
    again: bool = False
    lines: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True)
class Scene:
    """One moment: prose, and what may be done.

    Attributes:
        chapter: the position of its chapter, from 0.
        limit: seconds to answer in, or None.
        otherwise: the scene that follows when nothing is answered within the limit.
        event: when not None, the scene breaks in once as soon as this holds.
        interview: every question once, in any order, until time is up.
        prompt: one question for the trainee's own reason; empty when there is none.
        room: who is where, to be drawn; None where the scene has no drawing.
    """

    id: str
    title: str
    chapter: int
    line: int
    paragraphs: tuple[Paragraph, ...] = ()
    choices: tuple[Choice, ...] = ()
    limit: int | None = None
    otherwise: str = ""
    event: Condition | None = None
    interview: bool = False
    prompt: str = ""
    room: Room | None = None
    lines: Mapping[str, int] = field(default_factory=dict)

    @cached_property
    def can_return(self) -> bool:
        """Whether some choice goes back to where an event broke in."""
        return any(choice.next is not None and choice.next.way is Way.BACK for choice in self.choices)


@dataclass(frozen=True)
class Chapter:
    """A part of the case with its own clock, in minutes; `then` is the scene when time is up, or empty."""

    name: str
    begins: int
    ends: int
    line: int
    vitals: bool = False
    then: str = ""
    scenes: tuple[Scene, ...] = ()
