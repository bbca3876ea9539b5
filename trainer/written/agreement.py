"""How far two people agree who rated the same answers without seeing each other's marks."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

FEW_PAIRS = 20
"""Pairs below which a figure says little: our convention."""


@dataclass(frozen=True)
class Agreement:
    """What pairs of steps of one criterion come to.

    Attributes:
        pairs: how many answers two people rated; at least 1.
        same: the share of pairs with one and the same step, from 0 to 1.
        kappa: Cohen's weighted kappa with linear weights: 1 is full agreement, 0 what chance alone gives. None where
            chance alone would agree always, as when everybody gave one step.
    """

    pairs: int
    same: Fraction
    kappa: Fraction | None

    @property
    def few(self) -> bool:
        """Say whether there are too few pairs to say much."""
        return self.pairs < FEW_PAIRS


def agreement(pairs: Sequence[tuple[int, int]]) -> Agreement:
    """Return how far the first and the second of each pair agree.

    Raises:
        ValueError: there is no pair.
    """
    if not pairs:
        raise ValueError("Nothing was rated twice.")
    count = len(pairs)
    apart = Fraction(sum(abs(first - second) for first, second in pairs), count)
    firsts, seconds = Counter(first for first, _ in pairs), Counter(second for _, second in pairs)
    by_chance = Fraction(
        sum(
            abs(first - second) * often * as_often
            for first, often in firsts.items()
            for second, as_often in seconds.items()
        ),
        count**2,
    )
    return Agreement(
        pairs=count,
        same=Fraction(sum(first == second for first, second in pairs), count),
        kappa=1 - apart / by_chance if by_chance else None,
    )
