"""What another text or another rubric would make of runs that have ended: nothing is changed here."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from trainer.cases.play.engine import replay
from trainer.cases.play.score import Result, score
from trainer.cases.script.values import Case
from trainer.errors import Refused


@dataclass(frozen=True)
class Scored:
    """One run before and after; `after` is None where it cannot be replayed, and `problem` then says why."""

    run_id: str
    before: bool
    after: bool | None
    problem: str = ""


@dataclass(frozen=True)
class Effect:
    """What a re-score would change.

    Attributes:
        runs: how many can be scored again.
        raised, lowered: the runs that would change from not passed to passed, and the other way.
        left: the runs that cannot be replayed and stay as they are.
    """

    runs: int
    raised: tuple[Scored, ...]
    lowered: tuple[Scored, ...]
    left: tuple[Scored, ...]


def effect(runs: Iterable[Scored]) -> Effect:
    """Sum up what a re-score would change."""
    found = list(runs)
    return Effect(
        runs=sum(run.after is not None for run in found),
        raised=tuple(run for run in found if run.after is True and not run.before),
        lowered=tuple(run for run in found if run.after is False and run.before),
        left=tuple(run for run in found if run.after is None),
    )


def result_by(case: Case, *, variant: str, seed: int, inputs: Sequence[str]) -> Result:
    """Play a run's choices, by their ids, in this text and score what becomes of it.

    Raises:
        Refused: the run cannot be played in this text; the sentence says why.
    """
    if variant not in case.variants:
        raise Refused(f"The variant “{variant}” does not exist in this text.")
    for number, given in enumerate(inputs, 1):
        if not given.startswith("(") and given not in case.choices:
            raise Refused(f"Step {number}, “{given}”, does not exist in this text.")
    try:
        play = replay(case, variant, seed, tuple(inputs))
    except Refused as refusal:
        raise Refused("One of the choices is not open at that moment in this text.") from refusal
    if not play.state.ending:
        raise Refused("In this text the run does not come to its end.")
    return score(case, play)
