"""Whether a decision tells strong people from weak ones."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import sqrt
from statistics import fmean

ENOUGH = 20
"""So many people are needed before a decision is judged: with fewer, chance alone raises flags."""

LITTLE = 0.1
"""A discrimination below this tells hardly anybody apart."""

NEARLY_ALL = 0.95
"""When more than this share decides alike, the decision gives no information."""


@dataclass(frozen=True)
class Discrimination:
    """What one decision says about the people who met it.

    Attributes:
        people: how many had a rest score to compare with.
        r: the correlation, −1 to 1; None with fewer than twenty people, or when nobody differs.
        low: it hardly discriminates. reversed: the top third errs more often than the bottom third, so that the
            key may be wrong. uniform: nearly everybody is right.
    """

    people: int
    r: float | None
    low: bool = False
    reversed: bool = False
    uniform: bool = False


def discrimination(right: Sequence[bool], rest: Sequence[float]) -> Discrimination:
    """Say how a decision goes with the rest score of the same people.

    The rest score must not contain the decision itself: that is what “corrected” means (Henrysson 1963,
    Psychometrika 28:211–218), and without it every decision would seem to discriminate.
    """
    people = len(right)
    if people < ENOUGH:
        return Discrimination(people, None)
    r = point_biserial(right, rest)
    ordered = [decided for _, decided in sorted(zip(rest, right, strict=True), key=lambda one: one[0])]
    third = people // 3
    return Discrimination(
        people,
        r,
        low=r is not None and r < LITTLE,
        reversed=sum(ordered[:third]) > sum(ordered[-third:]),
        uniform=sum(right) > NEARLY_ALL * people,
    )


def point_biserial(right: Sequence[bool], scores: Sequence[float]) -> float | None:
    """Return the product-moment correlation of a decision with a score; None when either does not vary.

    Source: Glass & Hopkins (1996), Statistical Methods in Education and Psychology, 3rd ed., section 7.18.
    """
    return correlation([float(hit) for hit in right], scores)


def correlation(first: Sequence[float], second: Sequence[float]) -> float | None:
    """Return Pearson's product-moment correlation; None when either side does not vary."""
    if len(first) < 2:
        return None
    mean, other = fmean(first), fmean(second)
    across = sum((x - mean) ** 2 for x in first)
    up = sum((y - other) ** 2 for y in second)
    if across * up <= 0:
        return None
    return sum((x - mean) * (y - other) for x, y in zip(first, second, strict=True)) / sqrt(across * up)
