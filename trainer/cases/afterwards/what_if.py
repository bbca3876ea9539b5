"""What if I had done something else? One decision of a play is taken back, and the story goes on from there.

Nothing of this is kept: a rehearsal is the play's own inputs up to a step, and other inputs after it.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from trainer.cases.play.chart import clock
from trainer.cases.play.engine import Play, Step, options, replay
from trainer.cases.play.memory import choice_words
from trainer.cases.play.state import Done, PlayState, number, vital
from trainer.cases.script.values import VITALS, Case
from trainer.errors import Missing

_LEVELS = 5
"""Numbers of a case, such as trust, are told as one of so many words."""


@dataclass(frozen=True)
class Happened:
    """One decision and what came of it; texts are Markdown, `did` is empty for an answer that never came."""

    clock: str
    scene: str
    did: str
    heard: tuple[str, ...]
    failures: tuple[str, ...]


@dataclass(frozen=True)
class InBothPlays:
    """One sign or number in both plays, at the same time of the story; `own` is None where the run never was there."""

    name: str
    own: int | None
    other: int

    @property
    def change(self) -> str:
        """Say how the rehearsal differs: higher, lower or same; nothing where there is nothing to compare."""
        if self.own is None:
            return ""
        return "same" if self.own == self.other else "higher" if self.other > self.own else "lower"


@dataclass(frozen=True)
class Both:
    """One duty in both plays."""

    duty: str
    own: Done
    other: Done


@dataclass(frozen=True)
class WhatIf:
    """A rehearsal beside the run.

    Attributes:
        play: the rehearsal, from the beginning of the case.
        step: the decision of the run that was taken back, from 0.
        own: what happened in the run from that decision on, as far as the rehearsal has come.
        other: what happened in the rehearsal from there on.
        signs: vital signs, in a chapter that measures them.
        numbers: trust, distress and the like, each from 0 (very low) to 4 (very high).
        duties: those that have begun in either; none while the run is elsewhere in the story.
    """

    play: Play
    step: int
    own: tuple[Happened, ...]
    other: tuple[Happened, ...]
    signs: tuple[InBothPlays, ...]
    numbers: tuple[InBothPlays, ...]
    duties: tuple[Both, ...]

    @property
    def is_silent(self) -> bool:
        """Say whether nothing in the story answers what was rehearsed last."""
        return bool(self.other) and not self.other[-1].heard

    @property
    def moved(self) -> tuple[InBothPlays, ...]:
        """Return the numbers that differ from the run by now."""
        return tuple(one for one in self.numbers if one.change in ("higher", "lower"))

    @property
    def settled_otherwise(self) -> tuple[Both, ...]:
        """Return the duties that stand otherwise than in the run by now."""
        return tuple(one for one in self.duties if one.own is not one.other)

    @property
    def failed_now(self) -> tuple[str, ...]:
        """Return what must not happen, and happens in the rehearsal alone."""
        return _besides(self.other, self.own)

    @property
    def spared(self) -> tuple[str, ...]:
        """Return what must not happen, and so far happens in the run alone."""
        return _besides(self.own, self.other)


def _besides(ones: Sequence[Happened], others: Sequence[Happened]) -> tuple[str, ...]:
    known = {failure for other in others for failure in other.failures}
    return tuple(dict.fromkeys(failure for one in ones for failure in one.failures if failure not in known))


def decisions(case: Case, play: Play) -> tuple[int, ...]:
    """Return the steps at which something else could have been done."""
    return tuple(n for n, step in enumerate(play.steps) if set(options(case, step.before)) - {step.choice})


def what_if(case: Case, play: Play, step: int, inputs: Sequence[str]) -> WhatIf:
    """Take one decision of a play back, and go on from there with other inputs.

    Raises:
        Missing: the play has no such step.
        Refused: one of the inputs was not open.
    """
    if not 0 <= step < len(play.steps):
        raise Missing("There is no such decision in this run.")
    other = replay(case, play.state.variant, play.state.seed, (*play.inputs[:step], *inputs))
    beside = _meanwhile(case, play, step, other.state)
    measured = case.chapters[_chapter(case, other.state)].vitals
    return WhatIf(
        play=other,
        step=step,
        own=tuple(
            _happened(case, happening)
            for happening in play.steps[step:]
            if _so_far(case, happening.before, other.state)
        ),
        other=tuple(_happened(case, happening) for happening in other.steps[step:]),
        signs=tuple(
            InBothPlays(name, vital(case, beside, name) if beside else None, vital(case, other.state, name))
            for name in VITALS
            if measured
        ),
        numbers=tuple(
            InBothPlays(
                declared.name,
                _level(case, beside, declared.name) if beside else None,
                _level(case, other.state, declared.name),
            )
            for declared in case.head.numbers
        ),
        duties=_duties(case, play.state if other.state.ending else beside, other.state),
    )


def _happened(case: Case, step: Step) -> Happened:
    scene = case.scenes[step.scene]
    return Happened(clock(step.before.minute), scene.title, choice_words(case, step.choice), step.heard, step.failures)


def _duties(case: Case, own: PlayState | None, other: PlayState) -> tuple[Both, ...]:
    if own is None:
        return ()
    return tuple(
        Both(duty.id, mine.state, its.state)
        for duty, mine, its in zip(case.duties, own.duties, other.duties, strict=True)
        if {mine.state, its.state} != {Done.IDLE}
    )


def _so_far(case: Case, state: PlayState, until: PlayState) -> bool:
    """Say whether a moment of the run is not later in the story than the rehearsal stands; all are, once it ended."""
    here, there = _chapter(case, state), _chapter(case, until)
    return bool(until.ending) or here < there or (here == there and state.minute <= until.minute)


def _meanwhile(case: Case, play: Play, step: int, now: PlayState) -> PlayState | None:
    """Return the run at the time of the story at which the rehearsal stands, or as it last stood in that chapter."""
    states = [*(passed.before for passed in play.steps[step:]), play.state]
    here = [state for state in states if _chapter(case, state) == _chapter(case, now)]
    past = [state for state in here if state.minute <= now.minute]
    if not past:
        return None
    return past[-1] if past[-1] is here[-1] else past[-1]._replace(minute=now.minute)


def _level(case: Case, state: PlayState, name: str) -> int:
    top = next(declared.top for declared in case.head.numbers if declared.name == name)
    return round((_LEVELS - 1) * number(case, state, name) / top) if top else 0


def _chapter(case: Case, state: PlayState) -> int:
    return case.scenes[state.scene].chapter
