"""How far a score could be relied on: persons crossed with cases, both random (generalisability theory).

The variance components are estimated by the analysis of variance; where people have not played every
case, by Henderson's method 1 (“analogous ANOVA”), which gives the same numbers on complete data and
supposes that which case somebody has not played has nothing to do with how they would have done.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from math import sqrt

FEWEST_PEOPLE, FEWEST_CASES = 20, 3
"""Below this the components say more about chance than about people."""

GOOD_PEOPLE = 50
"""From so many people on, the figures are steady enough to decide by."""

D_STUDY = (5, 8, 10, 12, 15, 20, 25, 30)
"""The numbers of cases for which the figures are worked out."""

_SMALL = 1e-9


@dataclass(frozen=True)
class Components:
    """The variance of one score of one person in one case, taken apart; in squared points of the score.

    Attributes:
        person: between people, what an examination is after.
        case: between cases: some are harder.
        residual: the person in this case, with all that is left over.
        people, cases, scores: how many there were.
        negative: the components whose estimate was below zero and stands here as 0.
    """

    person: float
    case: float
    residual: float
    people: int
    cases: int
    scores: int
    negative: tuple[str, ...] = ()


@dataclass(frozen=True)
class Study:
    """What the mean over `cases` cases would be worth.

    Attributes:
        generalisability: Eρ², for ranking people; None when nothing varies.
        dependability: Φ, for deciding by a fixed mark.
        relative, absolute: the standard error of measurement for each, in points.
    """

    cases: int
    generalisability: float | None
    dependability: float | None
    relative: float
    absolute: float


def components(scores: Mapping[str, Mapping[str, float]]) -> Components | None:
    """Estimate the components from the scores, by person and case; None when they cannot be told apart.

    Sources: Brennan (2001), Generalizability Theory, chapters 2 and 7; Henderson (1953), Biometrics 9:226–252,
    method 1. Negative estimates are set to 0 after all have been solved for (Brennan 2001, section 3.4).
    """
    cells = [(person, case, score) for person, row in scores.items() for case, score in row.items()]
    if not cells:
        return None
    by_person, by_case = _totals((p, x) for p, _, x in cells), _totals((c, x) for _, c, x in cells)
    solved = _solve(*_equations([x for _, _, x in cells], by_person, by_case))
    if solved is None:
        return None
    named = dict(zip(("person", "case", "residual"), solved, strict=True))
    kept = {name: max(0.0, value) for name, value in named.items()}
    below = tuple(name for name, value in named.items() if value < -_SMALL)
    return Components(**kept, people=len(by_person), cases=len(by_case), scores=len(cells), negative=below)


def study(found: Components, cases: int) -> Study:
    """Work out what the mean over so many cases would be worth (Brennan 2001, section 2.2)."""
    relative = found.residual / cases
    absolute = (found.case + found.residual) / cases
    return Study(
        cases=cases,
        generalisability=_share(found.person, relative),
        dependability=_share(found.person, absolute),
        relative=sqrt(relative),
        absolute=sqrt(absolute),
    )


def studies(found: Components) -> tuple[Study, ...]:
    """Work it out for 5 to 30 cases."""
    return tuple(study(found, cases) for cases in D_STUDY)


def _share(person: float, error: float) -> float | None:
    return person / (person + error) if person + error > 0 else None


Totals = Mapping[str, tuple[int, float]]


def _totals(pairs: Iterable[tuple[str, float]]) -> Totals:
    found: dict[str, tuple[int, float]] = defaultdict(lambda: (0, 0.0))
    for name, score in pairs:
        count, total = found[name]
        found[name] = count + 1, total + score
    return found


def _equations(scores: list[float], people: Totals, cases: Totals) -> tuple[list[list[float]], list[float]]:
    """Set the uncorrected sums of squares, less that of the mean, against what is expected of them."""
    n, n_people, n_cases = len(scores), len(people), len(cases)
    mean = sum(scores) ** 2 / n
    k_people = sum(count**2 for count, _ in people.values()) / n
    k_cases = sum(count**2 for count, _ in cases.values()) / n
    expected = [
        [n - k_people, n_people - k_cases, n_people - 1],
        [n_cases - k_people, n - k_cases, n_cases - 1],
        [n - k_people, n - k_cases, n - 1],
    ]
    squares = [
        sum(total**2 / count for count, total in people.values()) - mean,
        sum(total**2 / count for count, total in cases.values()) - mean,
        sum(score**2 for score in scores) - mean,
    ]
    return expected, squares


def _solve(left: list[list[float]], right: list[float]) -> list[float] | None:
    """Solve three equations by Cramer's rule; None when they do not determine the answer."""
    whole = _determinant(left)
    if abs(whole) < _SMALL:
        return None
    return [
        _determinant([[*row[:n], value, *row[n + 1 :]] for row, value in zip(left, right, strict=True)]) / whole
        for n in range(3)
    ]


def _determinant(m: list[list[float]]) -> float:
    return (
        m[0][0] * (m[1][1] * m[2][2] - m[1][2] * m[2][1])
        - m[0][1] * (m[1][0] * m[2][2] - m[1][2] * m[2][0])
        + m[0][2] * (m[1][0] * m[2][1] - m[1][1] * m[2][0])
    )
