"""What authors want to know of real runs: what nobody chooses, what is slow to read, what people said."""

from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from statistics import median

from trainer.analytics.suppression import FEWEST
from trainer.analytics.traces import Taken, Trace
from trainer.authoring.markdown import plain_line
from trainer.cases.script.values import Case

DEAD_FROM = 50
"""A choice that was offered in so many runs and never taken distracts nobody."""


@dataclass(frozen=True)
class Covered:
    """One choice: in how many runs it was offered and taken, rounded down to fives so that nobody is picked out.

    Attributes:
        dead: offered in 50 runs or more and never taken.
    """

    scene: str
    choice: str
    text: str
    offered: int
    taken: int
    dead: bool


@dataclass(frozen=True)
class Read:
    """One scene: how long people stay, and how much there is to read; None with fewer than five people."""

    scene: str
    title: str
    words: float | None
    seconds: float | None


@dataclass(frozen=True)
class Answered:
    """What people gave as their reasons in one scene, without names, in the order of the alphabet.

    Attributes:
        answers: empty when fewer than five people have answered.
        few: somebody may have answered, but fewer than five people.
    """

    scene: str
    prompt: str
    answers: tuple[str, ...]
    few: bool


def coverage_of(case: Case, traces: Sequence[Trace]) -> tuple[Covered, ...]:
    """Count each choice once for each run in which it was offered, or taken."""
    offered, taken = Counter[str](), Counter[str]()
    for trace in traces:
        offered.update({choice for step in trace.taken for choice in step.offered})
        taken.update({step.choice for step in trace.taken})
    return tuple(
        Covered(
            scene=plain_line(scene.title),
            choice=choice.id,
            text=plain_line(choice.text),
            offered=fives(offered[choice.id]),
            taken=fives(taken[choice.id]),
            dead=offered[choice.id] >= DEAD_FROM and not taken[choice.id],
        )
        for scene in case.scenes.values()
        for choice in scene.choices
    )


def fives(people: int) -> int:
    """Round down to a multiple of five."""
    return people - people % FEWEST


def readings_of(case: Case, traces: Sequence[Trace]) -> tuple[Read, ...]:
    """Return the median stay at everybody's first visit of each scene, beside the words that were there.

    Args:
        traces: the earliest first; whoever comes again knows the text already.
    """
    found = []
    for scene in case.scenes.values():
        firsts: dict[str, Taken] = {}
        for trace in traces:
            if met := trace.first(scene.id):
                firsts.setdefault(trace.run.person_id, met)
        enough = len(firsts) >= FEWEST
        words = median(first.words for first in firsts.values()) if enough else None
        found.append(
            Read(
                scene.id, plain_line(scene.title), words, median(o.seconds for o in firsts.values()) if enough else None
            )
        )
    return tuple(found)


def reasons_by_prompt(case: Case, traces: Sequence[Trace]) -> tuple[Answered, ...]:
    """Return the reasons given for each prompt; one person's answers stand once each."""
    given: dict[str, set[tuple[str, str]]] = defaultdict(set)
    for trace in traces:
        for step in trace.taken:
            if step.reason:
                given[step.scene].add((trace.run.person_id, step.reason))
    found = []
    for scene in case.scenes.values():
        if scene.prompt:
            people = {person for person, _ in given[scene.id]}
            enough = len(people) >= FEWEST
            said = tuple(sorted(reason for _, reason in given[scene.id])) if enough else ()
            found.append(Answered(plain_line(scene.title), plain_line(scene.prompt), said, few=not enough))
    return tuple(found)
