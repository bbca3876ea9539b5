"""Where a play of a case stands: everything that decides what can happen next, and nothing else."""

from dataclasses import dataclass
from enum import StrEnum
from typing import NamedTuple

from trainer.cases.physiology.curves import NEVER, Body, Doses, vital_at
from trainer.cases.script.conditions import ValueOf
from trainer.cases.script.values import FAILED, VITALS, Case

JITTER = 33
"""How far the seeds of a case differ, in per cent of the population: the author has chosen the person already."""


class Done(StrEnum):
    """How a duty stands: not yet due, due, or settled."""

    IDLE = "idle"
    DUE = "due"
    DONE = "done"
    LATE = "late"
    MISSED = "missed"


@dataclass(frozen=True)
class DutyState:
    """One duty now; `deadline` is the last minute on the chapter's clock, `begun` the minute it became due.

    `took` is how many minutes went by until it was done. A duty that is still due when its chapter
    ends is overdue: its deadline becomes -1, and how long it took is not known.
    """

    state: Done = Done.IDLE
    begun: int = 0
    deadline: int = 0
    took: int | None = None


class PlayState(NamedTuple):
    """One moment of one play; a tuple, because the checker makes and compares millions of them.

    Attributes:
        variant: the version of the person.
        seed: the jitter of the vital signs and the order of the answers.
        scene: where the play stands; when it has ended, where it stood last.
        minute: on the clock of the scene's chapter.
        numbers: in the order in which the case declares them.
        facts: those that are true.
        duties: in the order of the case.
        taken: the choices already made.
        back: the scene that an event interrupted, or empty.
        fired: the events that have broken in.
        failures: critical failures so far, in the order of the case.
        supplement: the minute of the supplemental dose, or -1; a second one changes nothing.
        ending: the name of the ending, or empty while the play goes on.
    """

    variant: str
    seed: int
    scene: str
    minute: int
    numbers: tuple[int, ...]
    facts: frozenset[str]
    duties: tuple[DutyState, ...]
    taken: frozenset[str] = frozenset()
    back: str = ""
    fired: frozenset[str] = frozenset()
    failures: frozenset[str] = frozenset()
    ending: str = ""
    supplement: int = NEVER


def vital(case: Case, state: PlayState, name: str) -> int:
    """Return a vital sign now: mmHg or beats a minute."""
    variant = case.variants[state.variant]
    base = case.head.vitals[name] + variant.shifts.get(name, 0)
    distress = number(case, state, "distress")
    doses = Doses(variant.effect, state.supplement)
    body = Body(case.head.profile, state.seed, JITTER)
    return vital_at(body, name, base, doses, max(0, state.minute), distress)


def number(case: Case, state: PlayState, name: str) -> int:
    """Return a number now; one the case does not declare is 0."""
    position = case.positions.get(name)
    return 0 if position is None else state.numbers[position]


def values_in(case: Case, state: PlayState) -> ValueOf:
    """Return what gives conditions the value of a name in this state; a name that nothing declares is 0."""
    facts, positions = state.facts, case.positions

    def value_of(name: str) -> int:
        if name in facts:
            return 1
        if name in positions:
            return state.numbers[positions[name]]
        if name in VITALS:
            return vital(case, state, name)
        return state.minute if name == "time" else 0

    return value_of


def values_at_end(case: Case, state: PlayState) -> ValueOf:
    """Return what gives the conditions of an ending their values: those of this state, and whether the play failed."""
    value_of, failed = values_in(case, state), int(bool(state.failures))
    return lambda name: failed if name == FAILED else value_of(name)


def end_of(case: Case, state: PlayState) -> str:
    """Return how a play has ended, in the words that are true of it (Markdown); nothing while it goes on."""
    ending = next((one for one in case.endings if one.id == state.ending), None)
    if ending is None:
        return ""
    value_of = values_at_end(case, state)
    return next((other.text for other in ending.instead if other.when.holds(value_of)), ending.text)
