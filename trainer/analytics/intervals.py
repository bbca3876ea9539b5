"""How sure a share is: Wilson's score interval for one, Newcombe's for the difference of two."""

from dataclasses import dataclass
from math import sqrt

Z95 = 1.959963984540054
"""The 97.5 % point of the normal distribution: intervals of 95 % confidence."""


@dataclass(frozen=True)
class Interval:
    """From `low` to `high`, both inclusive."""

    low: float
    high: float


def wilson(count: int, whole: int, *, z: float = Z95) -> Interval:
    """Return the score interval for a share, without a correction for continuity; both ends are from 0 to 1.

    Source: Wilson (1927), JASA 22:209–212; recommended for small numbers by Newcombe (1998), Stat Med 17:857–872.

    Raises:
        ValueError: there are no people, or more were counted than there are.
    """
    if not 0 <= count <= whole or whole == 0:
        raise ValueError(f"{count} of {whole} is not a share.")
    share, square = count / whole, z * z
    middle = 2 * count + square
    half = z * sqrt(square + 4 * count * (1 - share))
    below = 2 * (whole + square)
    # Nobody and everybody are exact ends; the sum would miss them by a rounding error.
    low = 0.0 if count == 0 else (middle - half) / below
    high = 1.0 if count == whole else (middle + half) / below
    return Interval(low, high)


def newcombe(count: int, whole: int, other_count: int, other_whole: int, *, z: float = Z95) -> Interval:
    """Return the interval for the first share minus the second, of two separate groups; from −1 to 1.

    Source: Newcombe (1998), Stat Med 17:873–890, method 10 (square-and-add of two Wilson intervals).

    Raises:
        ValueError: one of the groups is empty, or a count is larger than its group.
    """
    one, other = wilson(count, whole, z=z), wilson(other_count, other_whole, z=z)
    first, second = count / whole, other_count / other_whole
    difference = first - second
    below = sqrt((first - one.low) ** 2 + (other.high - second) ** 2)
    above = sqrt((one.high - first) ** 2 + (second - other.low) ** 2)
    return Interval(difference - below, difference + above)
