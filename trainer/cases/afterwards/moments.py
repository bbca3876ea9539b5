"""Three moments at most of a play that are worth talking about, one of them always something done well."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from trainer.cases.play.chart import clock
from trainer.cases.play.engine import Gains, Play, Step, expert_choice, options
from trainer.cases.play.memory import choice_words
from trainer.cases.play.state import Done, values_in
from trainer.cases.script.values import Case

MOST_MOMENTS = 3


class BesideExpert(StrEnum):
    """What a decision was beside what an expert would have done."""

    EXPERT = "expert"
    OTHER = "other"
    COST = "cost"
    CRITICAL = "critical"
    NO_CHOICE = "no choice"


class MomentReason(StrEnum):
    """Why a moment is worth a look."""

    FAILURE = "failure"
    DUTY = "duty"
    GAP = "gap"
    WELL = "well"


@dataclass(frozen=True)
class Moment:
    """A moment worth talking about; texts are Markdown, empty where the author wrote none.

    Attributes:
        named: the failure or the duty, or empty.
        seen: what was on the page then.
        would: what the expert does here, and `because`: why.
        said: the author's word on what was done.
        panel: how many of how many experts would do as the expert does.
        read: places in the course, as `module` or `module/lesson`.
    """

    why: MomentReason
    named: str
    step: int
    clock: str
    scene: str
    seen: tuple[str, ...]
    did: str
    said: str
    would: str
    because: str
    panel: tuple[int, int] | None
    prompt: str
    read: tuple[str, ...]


def moments_of(case: Case, play: Play) -> tuple[Moment, ...]:
    """Choose at most three: first what weighs most, critical failures before all else, and last what went well."""
    once = _weighing(case, play)
    well = _well(case, play, set(list(once)[: MOST_MOMENTS - 1]))
    room = MOST_MOMENTS - len(well)
    chosen = [(why, named, number) for number, (why, named) in list(once.items())[:room]]
    return tuple(_moment(case, play, why, named, number) for why, named, number in (*chosen, *well))


def every_moment(case: Case, play: Play) -> tuple[Moment, ...]:
    """Return what can be said about each step, in order; `WELL` is every one at which nothing was lost."""
    lost = _weighing(case, play)
    whys = [lost.get(number, (MomentReason.WELL, "")) for number in range(len(play.steps))]
    return tuple(_moment(case, play, why, named, number) for number, (why, named) in enumerate(whys))


def _weighing(case: Case, play: Play) -> Mapping[int, tuple[MomentReason, str]]:
    """Find why each step at which something was lost weighs most; the heaviest step comes first."""
    lost = sorted((*_late(case, play), *_gaps(case, play)), key=lambda found: _weight(case, play, found[2]))
    failed = sorted(_failed(play), key=lambda found: _weight(case, play, found[2]))
    once: dict[int, tuple[MomentReason, str]] = {}
    for why, named, number in (*failed, *lost):
        once.setdefault(number, (why, named))
    return once


def _weight(case: Case, play: Play, number: int) -> tuple[int, int]:
    """Return by what steps are sorted: the largest loss against the expert first, then the order of the play."""
    return -_gap(case, play.steps[number]), number


def _failed(play: Play) -> list[tuple[MomentReason, str, int]]:
    """Find the first time of each critical failure, in the order of the play."""
    first: dict[str, int] = {}
    for number, step in enumerate(play.steps):
        for rule in step.failures:
            first.setdefault(rule, number)
    return [(MomentReason.FAILURE, rule, number) for rule, number in first.items()]


def _late(case: Case, play: Play) -> list[tuple[MomentReason, str, int]]:
    """Find for each late or missed duty the first step that let the time go by."""
    found = []
    for position, duty in enumerate(case.duties):
        if play.state.duties[position].state in (Done.LATE, Done.MISSED):
            due = [number for number, step in enumerate(play.steps) if step.before.duties[position].state is Done.DUE]
            off = [number for number in due if not agreed(case, play.steps[number])]
            found += [(MomentReason.DUTY, duty.id, number) for number in (off or due)[:1]]
    return found


def _gaps(case: Case, play: Play) -> list[tuple[MomentReason, str, int]]:
    return [
        (MomentReason.GAP, "", number)
        for number, step in enumerate(play.steps)
        if not agreed(case, step) and _gap(case, step) > 0
    ]


def _gap(case: Case, step: Step) -> int:
    expert = case.choices.get(expert_id(case, step))
    return _sum(expert.scores if expert else ()) - _sum(step.gains)


def _well(case: Case, play: Play, besides: set[int]) -> list[tuple[MomentReason, str, int]]:
    good = [
        (_sum(step.gains), number)
        for number, step in enumerate(play.steps)
        if number not in besides and not step.failures and _sum(step.gains) > 0 and agreed(case, step)
    ]
    return [(MomentReason.WELL, "", max(good, key=lambda gain: (gain[0], -gain[1]))[1])] if good else []


def _moment(case: Case, play: Play, why: MomentReason, named: str, number: int) -> Moment:
    step = play.steps[number]
    scene, value_of = case.scenes[step.scene], values_in(case, step.before)
    own, expert = case.choices.get(step.choice), case.choices.get(expert_id(case, step))
    return Moment(
        why=why,
        named=named,
        step=number,
        clock=clock(step.before.minute),
        scene=scene.title,
        seen=tuple(paragraph.text for paragraph in scene.paragraphs if paragraph.when.holds(value_of)),
        did=choice_words(case, step.choice),
        said=own.feedback if own else "",
        would=expert.text if expert else "",
        because=expert.feedback if expert else "",
        panel=expert.panel if expert else None,
        prompt=scene.prompt,
        read=tuple(dict.fromkeys((*(own.read if own else ()), *(expert.read if expert else ())))),
    )


def agreed(case: Case, step: Step) -> bool:
    """Say whether an expert would have done this; questions of an interview may come in any order."""
    if step.choice == expert_choice(case, step.before):
        return True
    choice = case.choices.get(step.choice)
    would = choice.expert if choice else None
    return would is not None and not would.last and would.when.holds(values_in(case, step.before))


def beside_expert(case: Case, step: Step) -> BesideExpert:
    """Say what a step was: a critical failure, as an expert would, one that cost points, or another way.

    Where there was only one thing to do, nothing was decided.
    """
    if step.failures:
        return BesideExpert.CRITICAL
    if not set(options(case, step.before)) - {step.choice}:
        return BesideExpert.NO_CHOICE
    if agreed(case, step):
        return BesideExpert.EXPERT
    return BesideExpert.COST if any(points < 0 for _, points in step.gains) else BesideExpert.OTHER


def expert_id(case: Case, step: Step) -> str:
    """Return what the expert would have done instead, or nothing."""
    return expert_choice(case, step.before) or ""


def _sum(gains: Gains) -> int:
    return sum(points for _, points in gains)
