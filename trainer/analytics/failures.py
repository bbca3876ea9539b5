"""Where people fall: critical failures, late and missed duties; and whether one variant is harder than another."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import permutations

from trainer.analytics.intervals import Interval, newcombe
from trainer.analytics.suppression import FEWEST, Cell, Share, kept_back, share
from trainer.analytics.traces import Ended
from trainer.cases.play.state import Done

_MARGIN = 0.10
"""A variant counts as harder when it surely costs more than so large a share of passes."""


class FailureKind(StrEnum):
    """The ways of falling."""

    FAILURE = "failure"
    LATE = "late"
    MISSED = "missed"


@dataclass(frozen=True)
class FailureShare:
    """How many committed a failure, or were late for a duty or missed it, of those for whom it was due."""

    kind: FailureKind
    rule: str
    share: Share


@dataclass(frozen=True)
class VariantFigures:
    """One variant; None where numbers are kept back."""

    name: str
    people: int | None
    passed: int | None


@dataclass(frozen=True)
class Harder:
    """A variant that is harder than another.

    Attributes:
        costs: the share of passes it costs, with 95 % certainty; None where that would tell a number kept back.
    """

    name: str
    than: str
    costs: Interval | None


def failures_of(runs: Sequence[Ended], *, failures: Iterable[str], duties: Iterable[str]) -> tuple[FailureShare, ...]:
    """Return every failure that can be committed and every duty that was due, the largest share first."""
    found = [
        FailureShare(FailureKind.FAILURE, rule, _among(runs, [rule in run.result.failures for run in runs]))
        for rule in failures
    ]
    for duty in duties:
        states = [run.result.duties.get(duty, Done.IDLE) for run in runs]
        due = [state for state in states if state is not Done.IDLE]
        found += [FailureShare(kind, duty, one) for kind, one in _of_duty(runs, due).items() if due]
    return tuple(sorted(found, key=lambda one: (*_least(one.share), one.kind, one.rule)))


def _of_duty(runs: Sequence[Ended], states: Sequence[Done]) -> dict[FailureKind, Share]:
    """Return how many were late and how many missed it, unless that tells of a few who did it in time.

    In time, late and missed make up everybody for whom it was due: one of the two is kept back then.
    """
    ways = {FailureKind.LATE: Done.LATE, FailureKind.MISSED: Done.MISSED}
    found = {kind: _among(runs, [state is way for state in states]) for kind, way in ways.items()}
    told = [fall.count for fall in found.values() if fall.count is not None]
    if len(told) == len(found) and len(states) - sum(told) < FEWEST:
        found[min(found, key=lambda kind: found[kind].count or 0)] = Share(0)
    return found


def _among(runs: Sequence[Ended], fell: Sequence[bool]) -> Share:
    """Return a share that also keeps back the few for whom the duty was not due."""
    left_out = len(runs) - len(fell)
    return share(sum(fell), len(fell)) if left_out == 0 or left_out >= FEWEST else Share(0)


def _least(one: Share) -> tuple[float, float]:
    """Return what puts the largest share that is certain first."""
    return (-one.interval.low, -one.interval.high) if one.interval else (1.0, 1.0)


def variants_of(runs: Sequence[Ended]) -> tuple[VariantFigures, ...]:
    """Return how many played each variant and passed; small numbers and what would give them away are kept back."""
    cells = _table(runs)
    back = kept_back(cells)
    shown = {cell.name: cell.people for cell in cells if cell not in back}
    hidden = {variant.name for variant in back}

    def of(*name: object) -> int | None:
        return None if name in hidden else shown.get(name, 0)

    rows = []
    for name in sorted({run.variant for run in runs}):
        passed, failed = of(name, True), of(name, False)
        known = None if passed is None or failed is None else passed
        rows.append(VariantFigures(name, of(name), known))
    return tuple(rows)


def _table(runs: Iterable[Ended]) -> tuple[Cell, ...]:
    people = list(runs)
    names = sorted({person.variant for person in people})
    cells = [Cell("all", name, sum(person.variant == name for person in people), (name,)) for name in names]
    cells += [
        Cell(name, passed, sum(person.variant == name and person.passed is passed for person in people), (name, passed))
        for name in names
        for passed in (True, False)
    ]
    return tuple(cells)


def harder_of(runs: Sequence[Ended], variants: Sequence[VariantFigures]) -> tuple[Harder, ...]:
    """Return the pairs of which one surely costs more than 10 points of passes than the other.

    Sure means that the interval of 95 % for the difference (Newcombe's) lies above 10 points altogether.

    Args:
        runs: everybody's first run.
        variants: what is shown of them.
    """
    open_to_all = {variant.name for variant in variants if variant.passed is not None}
    found = []
    for name, than in permutations(sorted({run.variant for run in runs}), 2):
        hard, easy = (_counts(runs, variant) for variant in (name, than))
        if min(hard[1], easy[1]) >= FEWEST and (costs := newcombe(*easy, *hard)).low > _MARGIN:
            found.append(Harder(name, than, costs if {name, than} <= open_to_all else None))
    return tuple(found)


def _counts(runs: Sequence[Ended], variant: str) -> tuple[int, int]:
    """Return how many passed, and how many there are."""
    of = [run.passed for run in runs if run.variant == variant]
    return sum(of), len(of)
