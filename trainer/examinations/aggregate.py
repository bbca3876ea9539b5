"""What the cases of a sitting come to: a mean with its standard error, and a mark for each competency.

Percents are relative to the expert in the same variant with the same seed. All arithmetic is exact, so
that the order of the cases can never matter; figures are rounded only to be shown.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from math import sqrt

from trainer.cases.play.state import Done
from trainer.examinations.words import Zone

RULE = "1"
"""Changes whenever equal cases would come to something else."""

CREDIT = {Done.DONE: 100, Done.LATE: 50, Done.MISSED: 0, Done.DUE: 0}
"""What a duty that was called for is worth, in per cent; one that was not called for counts for nothing."""


@dataclass(frozen=True)
class CaseMarks:
    """One counted case.

    Attributes:
        percents: 0 to 100 for each competency that was shown; what was not shown is left out.
        needed: the pass mark of each competency in this case, in per cent.
        duties: how each duty of the case came out.
    """

    percents: Mapping[str, int]
    needed: Mapping[str, int]
    duties: Sequence[Done] = ()

    @property
    def percent(self) -> Fraction | None:
        """The mean over the competencies shown and, as one more, the duties called for; None when nothing was shown."""
        parts = [Fraction(percent) for percent in self.percents.values()]
        credits = [CREDIT[state] for state in self.duties if state is not Done.IDLE]
        if credits:
            parts.append(Fraction(sum(credits), len(credits)))
        return sum(parts, Fraction()) / len(parts) if parts else None


@dataclass(frozen=True)
class CompetencyResult:
    """One competency over all cases that showed it; it balances within itself, and never with another.

    Attributes:
        percent: the mean of its percents; `needed`: the mean of the pass marks of the same cases.
    """

    name: str
    percent: Fraction
    needed: Fraction
    cases: int

    @property
    def met(self) -> bool:
        """Whether its own mark is reached."""
        return self.percent >= self.needed


@dataclass(frozen=True)
class Aggregate:
    """All counted cases together; percents from 0 to 100.

    Attributes:
        percents: one for each case, in their order.
        variance: of the mean; its square root is the standard error.
    """

    percents: tuple[Fraction, ...]
    mean: Fraction
    variance: Fraction
    cut: int
    competencies: tuple[CompetencyResult, ...]

    @property
    def error(self) -> float:
        """The standard error of the mean: the standard deviation over the cases (n - 1), divided by √n."""
        return sqrt(self.variance)

    @property
    def zone(self) -> Zone:
        """Where the mean lies: beyond the cut by more than one standard error, or nearer, and then people decide.

        One case says nothing about the error, so it is always for people. So is a mean above the cut with a
        competency below its own mark: safety cannot be made up by presence, and a machine should not fail anybody
        by that alone.
        """
        away = self.mean - self.cut
        if len(self.percents) < 2 or away**2 <= self.variance:
            return Zone.GREY
        if away < 0:
            return Zone.BELOW
        return Zone.ABOVE if all(competency.met for competency in self.competencies) else Zone.GREY

    def plain(self) -> dict[str, object]:
        """Return what is kept of it, as JSON."""
        return {
            "rule": RULE,
            "cases": [_shown(percent) for percent in self.percents],
            "mean": _shown(self.mean),
            "error": round(self.error, 1),
            "cut": self.cut,
            "competencies": [
                {
                    "name": competency.name,
                    "percent": _shown(competency.percent),
                    "needed": _shown(competency.needed),
                    "cases": competency.cases,
                    "met": competency.met,
                }
                for competency in self.competencies
            ],
        }


def aggregate(cases: Sequence[CaseMarks], cut: int) -> Aggregate:
    """Put the counted cases of a sitting together.

    Args:
        cases: without the warm-up; cases that showed nothing at all are left out.
        cut: in per cent.

    Raises:
        ValueError: no case showed anything.
    """
    percents = tuple(marks.percent for marks in cases if marks.percent is not None)
    if not percents:
        raise ValueError("No counted case showed anything.")
    count = len(percents)
    mean = sum(percents, Fraction()) / count
    spread = sum(((percent - mean) ** 2 for percent in percents), Fraction()) / (count - 1) if count > 1 else Fraction()
    return Aggregate(percents, mean, spread / count, cut, _competencies(cases))


def _competencies(cases: Sequence[CaseMarks]) -> tuple[CompetencyResult, ...]:
    shown: dict[str, list[tuple[int, int]]] = defaultdict(list)
    for case in cases:
        for name, percent in case.percents.items():
            shown[name].append((percent, case.needed[name]))
    return tuple(
        CompetencyResult(
            name=name,
            percent=Fraction(sum(percent for percent, _ in marks), len(marks)),
            needed=Fraction(sum(needed for _, needed in marks), len(marks)),
            cases=len(marks),
        )
        for name, marks in sorted(shown.items())
    )


def _shown(value: Fraction) -> float:
    return round(float(value), 1)
